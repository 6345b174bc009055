using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// Statements that sum ranges of rollups. Those of rows and counts read one row more than is allowed before they stop, which tells that
/// there are too many.
/// CROSS JOIN fixes the join order: each range is one range of the index.
/// </summary>
internal static class SqliteRollupStatements
{
    private const string WhereRollup =
        """

         WHERE r.organisation_id = @OrganisationId
           AND r.product_id = @ProductId
           AND (@Direction IS NULL OR r.direction = @Direction)
        """;

    private const string OfAgents =
        $"""

           AND {RollupColumns.HasAgent}
           AND r.agent IN (SELECT value FROM json_each(@Agents))
           AND r.space_id IN (SELECT value FROM json_each(@SpaceIds))
        """;

    private const string OfRun =
        $"""

           AND {RollupColumns.HasRun}
           AND r.member = @RunId
           AND (@Agents IS NULL OR r.agent IN (SELECT value FROM json_each(@Agents)))
           AND r.space_id IN (SELECT value FROM json_each(@SpaceIds))
        """;

    private const string LimitRows = "\n         LIMIT @MaxRows + 1";

    // Ranges of one space, granularity and length. The rows are not added up: SQLite would sort them first.
    private const string SelectRollups =
        $"""
        SELECT s.key, r.starts_at, {MeasureColumns.Rollup}
          FROM json_each(@RangeStarts) s
         CROSS JOIN task_rollups r
        """;

    private const string OfRanges =
        $"""
        {WhereRollup}
           AND r.granularity = @Granularity
           AND r.starts_at >= s.value
           AND r.starts_at < s.value + @Length
        """;

    private const string OfSpace = "\n           AND r.space_id = @SpaceId";

    private const string Ranges =
        """
        WITH g (space_id, granularity, starts_at, ends_at, in_window, in_current, in_earlier) AS MATERIALIZED (
               SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
                 FROM json_each(@Ranges)),
             d AS MATERIALIZED (
               SELECT value ->> 0 AS space_id, value ->> 1 AS member,
                      value ->> 2 AS in_window, value ->> 3 AS in_current, value ->> 4 AS in_earlier,
                      value ->> 5 AS interested, value ->> 6 AS call_back, value ->> 7 AS send_details, value ->> 8 AS not_interested,
                      value ->> 9 AS not_connected, value ->> 10 AS calls_failed, value ->> 11 AS calls_other, value ->> 12 AS pending,
                      value ->> 13 AS in_progress, value ->> 14 AS completed, value ->> 15 AS tasks_failed, value ->> 16 AS tasks_other,
                      value ->> 17 AS score_sum, value ->> 18 AS scored_calls, value ->> 19 AS duration_sum, value ->> 20 AS timed_calls
                 FROM json_each(@Extra))
        """;

    private const string CountRows =
        """

        SELECT COUNT(*)
          FROM (
        SELECT r.starts_at
          FROM g
         CROSS JOIN task_rollups r
        """;

    private const string EndCount = LimitRows + ")";

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
        SELECT l.value AS Key,
               COALESCE((
               SELECT t.label
                 FROM tasks t
                WHERE t.organisation_id = @OrganisationId
                  AND t.product_id = @ProductId
                  AND t.normalized_label = l.value
                  AND t.normalized_label <> ''
                ORDER BY t.created_at DESC, t.task_id
                LIMIT 1), l.value) AS Label
          FROM json_each(@Labels) l
        """;

    private const string CompareGroups = ",\n" + MeasureColumns.ComparedSums;

    private const string GroupRows =
        $"""

          FROM (
        SELECT *
          FROM (
        SELECT CASE WHEN @BySpace THEN r.space_id ELSE 0 END AS space_id,
               CASE WHEN @ByMember THEN r.member ELSE '' END AS member,
               CASE WHEN @ByAgent THEN r.agent ELSE '' END AS agent,
               CASE WHEN @ByDirection THEN r.direction ELSE '' END AS direction,
               g.in_window, g.in_current, g.in_earlier, {MeasureColumns.Rollup}
          FROM g
         CROSS JOIN task_rollups r
        """;

    private const string OfGroupRanges =
        $"""
        {WhereRollup}
           AND r.granularity = g.granularity
           AND r.starts_at >= g.starts_at
           AND r.starts_at < g.ends_at
        """;

    private const string OfRangeSpace = "\n           AND r.space_id = g.space_id";

    private const string EndGroups =
        $"""
        {LimitRows})
         UNION ALL
        SELECT CASE WHEN @BySpace THEN d.space_id ELSE 0 END, d.member, '', '', d.in_window, d.in_current, d.in_earlier,
               {MeasureColumns.Delta}
          FROM d) r
         GROUP BY r.space_id, r.member, r.agent, r.direction) g
          LEFT JOIN spaces s
            ON s.organisation_id = @OrganisationId
           AND s.id = g.space_id
         ORDER BY g.calls DESC, g.tasks DESC, s.token, g.agent, g.direction, g.member
         LIMIT @Limit
        """;

    public static string Select(RollupIndex index) => SelectRollups + By(index) + OfRanges + Of(index, OfSpace) + LimitRows;

    // Before the groups are read: a sum of counts in their statement would make it keep all groups.
    public static string Count(RollupIndex index) => Ranges + CountRows + By(index) + OfGroupRanges + Of(index, OfRangeSpace) + EndCount;

    public static string Group(RollupIndex index, bool isCompared) =>
        Ranges + SelectGroups + (isCompared ? CompareGroups : "") + GroupRows + By(index) + OfGroupRanges
        + Of(index, OfRangeSpace) + EndGroups;

    // Without statistics, SQLite would read all rollups of the organisation by the primary key.
    private static string By(RollupIndex index) => index switch
    {
        RollupIndex.Key => "",
        RollupIndex.ByAgent => " INDEXED BY task_rollups_by_agent",
        RollupIndex.ByRun => " INDEXED BY task_rollups_by_run",
    };

    private static string Of(RollupIndex index, string ofSpace) => index switch
    {
        RollupIndex.Key => ofSpace,
        RollupIndex.ByAgent => OfAgents,
        RollupIndex.ByRun => OfRun,
    };
}
