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

    // The last statement of a read. A rebuild of the rollups moves the watermark without a new version.
    public const string SelectVersion =
        $"""
        SELECT v.revision AS Revision, v.stamp AS Stamp, {RollupState.Watermark} AS RollupsFrom
          FROM organisation_versions v
         WHERE v.organisation_id = @OrganisationId
        """;
}
