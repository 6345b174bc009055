using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.GetAnalytics;

internal static class GetAnalyticsSql
{
    /// <summary>
    /// One row: the version, how many spaces match, and what their rollups hold. It reads one rollup row a space, so its
    /// cost does not grow with the number of tasks. No space matched is not the same as no data in those that did.
    /// </summary>
    public const string SelectTotals =
        $"""
        SELECT v.revision  AS Revision,
               v.stamp     AS Stamp,
               CAST(COUNT(s.id) AS BIGINT) AS Spaces,
               {MeasureColumns.RollupSums}
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND {CountedSpaces.Predicate}
           AND (@SpaceToken = '' OR s.token = @SpaceToken)
          LEFT JOIN task_totals r
            ON r.organisation_id = s.organisation_id
           AND r.space_id = s.id
           AND r.product_id = @ProductId
         WHERE v.organisation_id = @OrganisationId
         GROUP BY v.revision, v.stamp
        """;

    /// <summary>
    /// A row for each space that counts, with all that it has; one without a space where none does. A planned question's first
    /// statement: it says which version the others must see too, and whether the periods can be read.
    /// </summary>
    public const string SelectSpaces =
        $"""
        SELECT v.revision   AS Revision,
               v.stamp      AS Stamp,
               v.changed_at AS ChangedAt,
               CAST(CASE WHEN v.rollups_revision = v.revision THEN 1 ELSE 0 END AS BIGINT) AS RollupsAreCurrent,
               s.id         AS SpaceId,
               COALESCE(s.token, '') AS SpaceToken,
               COALESCE(s.name, '')  AS SpaceName,
               {MeasureColumns.RollupOrZero}
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND {CountedSpaces.Predicate}
           AND (@SpaceToken = '' OR s.token = @SpaceToken)
          LEFT JOIN task_totals r
            ON r.organisation_id = s.organisation_id
           AND r.space_id = s.id
           AND r.product_id = @ProductId
         WHERE v.organisation_id = @OrganisationId
        """;
}
