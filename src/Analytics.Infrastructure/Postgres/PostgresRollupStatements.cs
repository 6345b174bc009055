using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Infrastructure.Postgres;

/// <summary>
/// Statements that sum ranges of rollups. They stop one row after the number that is allowed: a count tells whether there are too many.
/// </summary>
internal static class PostgresRollupStatements
{
    private const string Ranges =
        """

          FROM unnest(
               @RangeIndexes, @RangeSpaceIds, @Granularities, @StartsAt, @EndsAt, @BucketWidths, @InWindow, @InCurrent, @InEarlier)
            AS g (range_index, space_id, granularity, starts_at, ends_at, bucket_width, in_window, in_current, in_earlier)
        """;

    // Joined: a plan for any parameters would read the rollups of all agents, and filter r.agent = ANY(@Agents).
    private const string Agents = "\n         CROSS JOIN (SELECT DISTINCT v.agent FROM unnest(@Agents) AS v (agent)) a";

    // OFFSET 0 keeps the planner from joining in another way: each range is one range of the index, whatever row counts it estimates.
    private const string Rollups =
        """

         CROSS JOIN LATERAL (
               SELECT r.*
                 FROM task_rollups r
                WHERE r.organisation_id = @OrganisationId
                  AND r.product_id = @ProductId
                  AND r.granularity = g.granularity
                  AND r.starts_at >= g.starts_at
                  AND r.starts_at < g.ends_at
        """;

    private const string OfSpace = "\n                  AND r.space_id = g.space_id";

    private const string OfAgents =
        $"""

                  AND {RollupColumns.HasAgent}
                  AND r.agent = a.agent
        """;

    private const string OfRun =
        $"""

                  AND {RollupColumns.HasRun}
                  AND r.member = @RunId
        """;

    // What no index decides. The + keeps the planner from reading by the primary key, which begins with the space.
    private const string AndFilters =
        """

                  AND (CAST(@Direction AS text) IS NULL OR r.direction = @Direction)
        """;

    private const string AndSpaceFilters =
        """

                  AND r.space_id + 0 = ANY(@SpaceIds)
                  AND (CAST(@RunId AS text) IS NULL OR r.member = @RunId)
                  AND (CAST(@Agents AS text[]) IS NULL OR r.agent = ANY(@Agents))
        """;

    private const string EndRanges = "\n               OFFSET 0) r\n         LIMIT @MaxRows + 1";

    private const string SumRows =
        $"""
        SELECT CAST(r.range_index AS INTEGER), r.bucket,
               {MeasureColumns.RollupSums}
          FROM (
        SELECT g.range_index, (r.starts_at - g.starts_at) / g.bucket_width AS bucket, {MeasureColumns.Rollup}
        """;

    private const string EndSum = EndRanges + ") r\n GROUP BY r.range_index, r.bucket";

    private const string CountRows = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT r.starts_at";

    private const string EndCount = EndRanges + ") r";

    private const string SelectGroups =
        $"""
        SELECT g.*
          FROM (
        SELECT r.space_id, r.member, r.agent, r.direction,
               SUM(r.in_window * {MeasureColumns.TotalCalls}) AS calls,
               SUM(r.in_window * {MeasureColumns.TotalTasks}) AS tasks,
               {MeasureColumns.WindowSums}
        """;

    public const string ReadSpellings =
        """
        SELECT l.label AS Key,
               COALESCE((
               SELECT t.label
                 FROM tasks t
                WHERE t.organisation_id = @OrganisationId
                  AND t.product_id = @ProductId
                  AND t.normalized_label = l.label
                  AND t.normalized_label <> ''
                ORDER BY t.created_at DESC, t.task_id
                LIMIT 1), l.label) AS Label
          FROM unnest(@Labels) AS l (label)
        """;

    private const string CompareGroups = ",\n" + MeasureColumns.ComparedSums;

    private const string GroupRows =
        $"""

          FROM ((
        SELECT CASE WHEN @BySpace THEN r.space_id ELSE 0 END AS space_id,
               CASE WHEN @ByMember THEN r.member ELSE '' END AS member,
               CASE WHEN @ByAgent THEN r.agent ELSE '' END AS agent,
               CASE WHEN @ByDirection THEN r.direction ELSE '' END AS direction,
               g.in_window, g.in_current, g.in_earlier, {MeasureColumns.Rollup}
        """;

    private const string EndGroups =
        $"""
        {EndRanges})
         UNION ALL
        SELECT CASE WHEN @BySpace THEN d.space_id ELSE 0 END, d.member, '', '', d.in_window, d.in_current, d.in_earlier,
               {MeasureColumns.Delta}
          FROM unnest(@ExtraSpaceIds, @ExtraMembers, @ExtraInWindow, @ExtraInCurrent, @ExtraInEarlier, {MeasureColumns.Parameters})
            AS d (space_id, member, in_window, in_current, in_earlier, {MeasureColumns.Names})) r
         GROUP BY r.space_id, r.member, r.agent, r.direction) g
          LEFT JOIN spaces s
            ON s.organisation_id = @OrganisationId
           AND s.id = g.space_id
         ORDER BY g.calls DESC, g.tasks DESC, s.token, g.agent, g.direction, g.member
         LIMIT @Limit
        """;

    public static string Sum(RollupIndex index) => SumRows + From(index) + And(index) + EndSum;

    // Of all rows that the index is read for, whether they match the other filters or not.
    public static string Count(RollupIndex index) => CountRows + From(index) + EndCount;

    public static string Group(RollupIndex index, bool isCompared) =>
        SelectGroups + (isCompared ? CompareGroups : "") + GroupRows + From(index) + And(index) + EndGroups;

    private static string From(RollupIndex index) => Ranges + (index == RollupIndex.ByAgent ? Agents : "") + Rollups + Of(index);

    private static string And(RollupIndex index) => AndFilters + (index == RollupIndex.Key ? "" : AndSpaceFilters);

    private static string Of(RollupIndex index) => index switch
    {
        RollupIndex.Key => OfSpace,
        RollupIndex.ByAgent => OfAgents,
        RollupIndex.ByRun => OfRun,
    };
}
