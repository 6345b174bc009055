using Analytics.Application.Tasks;
using Analytics.Domain;
using Analytics.Domain.Numbers;

namespace Analytics.Application.Periods;

/// <summary>
/// How a writer, with the organisation's lock in hand, keeps its periods. Whoever stamps the version without knowing of
/// periods (an older copy of the service) leaves their revision behind, and with it the mark that they are to be filled anew.
/// </summary>
internal sealed record PeriodKeeping(bool AreKept, IReadOnlySet<long> CountingSpaces)
{
    private const string ReadSql =
        """
        SELECT CAST(CASE WHEN v.rollups_revision = v.revision THEN 1 ELSE 0 END AS BIGINT) AS AreKept,
               s.id AS SpaceId
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND LOWER(TRIM(s.content_type)) = @Contact
           AND LOWER(TRIM(s.status)) = @Active
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string MarkKeptSql = "UPDATE organisation_versions SET rollups_revision = revision WHERE organisation_id = @OrganisationId";

    private const string ForgetEverySpaceSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId AND space_id = @EverySpace";

    private const string AddUpEverySpaceSql =
        """
        INSERT INTO task_rollups (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction,
               interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other, pending,
               in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
        SELECT p.organisation_id, @EverySpace, p.product_id, p.granularity, p.starts_at, p.agent, p.direction,
               SUM(p.interested), SUM(p.call_back), SUM(p.send_details), SUM(p.not_interested), SUM(p.not_connected),
               SUM(p.calls_failed), SUM(p.calls_other), SUM(p.pending), SUM(p.in_progress), SUM(p.completed),
               SUM(p.tasks_failed), SUM(p.tasks_other), SUM(p.score_sum), SUM(p.scored_calls), SUM(p.duration_sum),
               SUM(p.timed_calls)
          FROM task_rollups p
          JOIN spaces s
            ON s.organisation_id = p.organisation_id
           AND s.id = p.space_id
           AND LOWER(TRIM(s.content_type)) = @Contact
           AND LOWER(TRIM(s.status)) = @Active
         WHERE p.organisation_id = @OrganisationId
           AND p.granularity <= @CoarsestTogether
         GROUP BY p.organisation_id, p.product_id, p.granularity, p.starts_at, p.agent, p.direction
        """;

    /// <summary>Reads what the transaction sees of it.</summary>
    public static async Task<PeriodKeeping> ReadAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var rows = (await transaction.QueryAsync<(long AreKept, long? SpaceId)>(
            ReadSql, new { OrganisationId = organisationId, Words.Contact, Words.Active }, cancellationToken)).ToList();
        return new PeriodKeeping(rows[0].AreKept == 1, rows.Select(row => row.SpaceId).OfType<long>().ToHashSet());
    }

    /// <summary>Says that the periods are those of the tasks, as this transaction leaves them.</summary>
    public static Task MarkKeptAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(MarkKeptSql, new { OrganisationId = organisationId }, cancellationToken);

    /// <summary>What counts from now on, or no longer, does so in the periods of all spaces too.</summary>
    /// <param name="transaction">The transaction, which has changed spaces since this was read.</param>
    /// <param name="organisationId">Their organisation.</param>
    /// <param name="newSpaces">Those that were not there, and have no periods yet.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public async Task KeepEverySpaceAsync(WriteTransaction transaction, long organisationId, IEnumerable<long> newSpaces, CancellationToken cancellationToken)
    {
        var counting = (await ReadAsync(transaction, organisationId, cancellationToken)).CountingSpaces;
        if (AreKept && !CountingSpaces.SetEquals(counting.Except(newSpaces)))
        {
            await AddUpEverySpaceAsync(transaction, organisationId, cancellationToken);
        }
    }

    private static async Task AddUpEverySpaceAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var parameters = new { OrganisationId = organisationId, PeriodKey.EverySpace, CoarsestTogether = (int)Grains.OfAll[^1], Words.Contact, Words.Active };
        await transaction.ExecuteAsync(ForgetEverySpaceSql, parameters, cancellationToken);
        await transaction.ExecuteAsync(AddUpEverySpaceSql, parameters, cancellationToken);
    }
}
