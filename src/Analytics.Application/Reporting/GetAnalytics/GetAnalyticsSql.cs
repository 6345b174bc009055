using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Reporting.GetAnalytics;

internal static class GetAnalyticsSql
{
    // One row: the version, the number of matching spaces, and the sums of their totals. The engine reads one rollup row for each
    // space, so the cost does not depend on the number of tasks. Spaces = 0 distinguishes "no such space" from "no tasks".
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

    // One row for each included space with its totals, or a single row with NULL for the space if none is included. This is the
    // first statement of a read: the following ones must read the same version, and may use rollups only from RollupsFrom on.
    public const string SelectSpaces =
        $"""
        SELECT v.revision   AS Revision,
               v.stamp      AS Stamp,
               v.changed_at AS ChangedAt,
               {RollupState.Watermark} AS RollupsFrom,
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

    // One seek for each counted space, since the index of a space's tasks is in the order of their creation.
    public const string SelectFacts =
        $"""
        SELECT o.handle AS Handle,
               o.name   AS Name,
               (SELECT MIN(f.created_at)
                  FROM (SELECT (SELECT MIN(t.created_at)
                                  FROM tasks t
                                 WHERE t.organisation_id = @OrganisationId
                                   AND t.product_id = @ProductId
                                   AND t.space_id = s.id) AS created_at
                          FROM spaces s
                         WHERE s.organisation_id = @OrganisationId
                           AND {CountedSpaces.Predicate}) f) AS FirstTaskAt
          FROM organisations o
         WHERE o.id = @OrganisationId
        """;

    // The last statement of a read. A rebuild of the rollups moves the watermark without a new version.
    public const string SelectVersion =
        $"""
        SELECT v.revision AS Revision, v.stamp AS Stamp, {RollupState.Watermark} AS RollupsFrom
          FROM organisation_versions v
         WHERE v.organisation_id = @OrganisationId
        """;
}
