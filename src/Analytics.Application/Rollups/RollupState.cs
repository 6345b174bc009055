using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Whether an organisation's rollups are current, and which spaces they count. An older version of the service increments
/// <c>revision</c> but not <c>rollups_revision</c>; the mismatch marks the rollups as stale until <c>migrate</c> rebuilds them.
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

    private const string MarkCurrentSql =
        "UPDATE organisation_versions SET rollups_revision = revision WHERE organisation_id = @OrganisationId";

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

    public static async Task<RollupState> ReadAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var rows = (await transaction.QueryAsync<(long IsCurrent, long? SpaceId)>(
            ReadSql, new { OrganisationId = organisationId, ContentTypes.Contact, StatusNames.Active }, cancellationToken)).ToList();
        return new RollupState(rows[0].IsCurrent == 1, rows.Select(row => row.SpaceId).OfType<long>().ToHashSet());
    }

    public static Task MarkCurrentAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(MarkCurrentSql, new { OrganisationId = organisationId }, cancellationToken);

    /// <summary>Rebuilds the AllSpaces rollups if the transaction has changed which spaces count. New spaces have no rollups yet.</summary>
    public async Task UpdateAllSpacesAsync(
        WriteTransaction transaction, long organisationId, IEnumerable<long> newSpaceIds, CancellationToken cancellationToken)
    {
        var currentSpaceIds = (await ReadAsync(transaction, organisationId, cancellationToken)).CountedSpaceIds;
        if (!IsCurrent || CountedSpaceIds.SetEquals(currentSpaceIds.Except(newSpaceIds)))
        {
            return;
        }

        var parameters = new
        {
            OrganisationId = organisationId,
            RollupKey.AllSpaces,
            CoarsestCombined = (int)Granularities.Combined[^1],
            ContentTypes.Contact,
            StatusNames.Active,
        };
        await transaction.ExecuteAsync(DeleteAllSpacesSql, parameters, cancellationToken);
        await transaction.ExecuteAsync(InsertAllSpacesSql, parameters, cancellationToken);
    }
}
