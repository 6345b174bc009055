using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Rollups;

/// <summary>
/// How a writer, with the organisation's lock in hand, keeps its periods. Whoever stamps the version without knowing of
/// periods (an older copy of the service) leaves their revision behind, and with it the mark that they are to be filled anew.
/// </summary>
internal sealed record RollupState(bool IsCurrent, IReadOnlySet<long> CountedSpaceIds)
{
    private const string ReadSql =
        $"""
        SELECT CAST(CASE WHEN v.rollups_revision = v.revision THEN 1 ELSE 0 END AS BIGINT) AS IsCurrent,
               s.id AS SpaceId
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND {CountedSpaces.Predicate}
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string MarkCurrentSql = "UPDATE organisation_versions SET rollups_revision = revision WHERE organisation_id = @OrganisationId";

    private const string DeleteAllSpacesSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId AND space_id = @AllSpaces";

    private const string InsertAllSpacesSql =
        $"""
        INSERT INTO task_rollups (
               organisation_id, space_id, product_id, granularity, starts_at, agent, direction, {MeasureColumns.Names})
        SELECT r.organisation_id, @AllSpaces, r.product_id, r.granularity, r.starts_at, r.agent, r.direction,
               {MeasureColumns.RollupSums}
          FROM task_rollups r
          JOIN spaces s
            ON s.organisation_id = r.organisation_id
           AND s.id = r.space_id
           AND {CountedSpaces.Predicate}
         WHERE r.organisation_id = @OrganisationId
           AND r.granularity <= @CoarsestCombined
         GROUP BY r.organisation_id, r.product_id, r.granularity, r.starts_at, r.agent, r.direction
        """;

    /// <summary>Reads what the transaction sees of it.</summary>
    public static async Task<RollupState> ReadAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var rows = (await transaction.QueryAsync<(long IsCurrent, long? SpaceId)>(
            ReadSql, new { OrganisationId = organisationId, CaseInsensitive.Contact, CaseInsensitive.Active }, cancellationToken)).ToList();
        return new RollupState(rows[0].IsCurrent == 1, rows.Select(row => row.SpaceId).OfType<long>().ToHashSet());
    }

    /// <summary>Says that the periods are those of the tasks, as this transaction leaves them.</summary>
    public static Task MarkCurrentAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(MarkCurrentSql, new { OrganisationId = organisationId }, cancellationToken);

    /// <summary>What counts from now on, or no longer, does so in the periods of all spaces too.</summary>
    /// <param name="transaction">The transaction, which has changed spaces since this was read.</param>
    /// <param name="organisationId">Their organisation.</param>
    /// <param name="newSpaceIds">Those that were not there, and have no periods yet.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public async Task UpdateAllSpacesAsync(WriteTransaction transaction, long organisationId, IEnumerable<long> newSpaceIds, CancellationToken cancellationToken)
    {
        var currentSpaceIds = (await ReadAsync(transaction, organisationId, cancellationToken)).CountedSpaceIds;
        if (IsCurrent && !CountedSpaceIds.SetEquals(currentSpaceIds.Except(newSpaceIds)))
        {
            await RebuildAllSpacesAsync(transaction, organisationId, cancellationToken);
        }
    }

    private static async Task RebuildAllSpacesAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var parameters = new { OrganisationId = organisationId, RollupKey.AllSpaces, CoarsestCombined = (int)Granularities.Combined[^1], CaseInsensitive.Contact, CaseInsensitive.Active };
        await transaction.ExecuteAsync(DeleteAllSpacesSql, parameters, cancellationToken);
        await transaction.ExecuteAsync(InsertAllSpacesSql, parameters, cancellationToken);
    }
}
