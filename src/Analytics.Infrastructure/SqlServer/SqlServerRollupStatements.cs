using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// Statements that sum ranges of rollups. They stop one row after the number that is allowed: a count tells whether there are too many.
/// </summary>
internal static class SqlServerRollupStatements
{
    private const string FromRanges = "\n  FROM @Ranges g" + ApplyRollups;

    // Every agent by a seek of its own.
    private const string FromRangesAndAgents = "\n  FROM @Ranges g\n CROSS JOIN @AgentNames a" + ApplyRollups;

    private const string ApplyRollups =
        """

         CROSS APPLY (
               SELECT r.*
                 FROM task_rollups r
        """;

    private const string OfRange =
        """

                WHERE r.organisation_id = @OrganisationId
                  AND r.product_id = @ProductId
                  AND r.granularity = g.granularity
                  AND r.starts_at >= g.starts_at
                  AND r.starts_at < g.ends_at
        """;

    private const string OfSpace = OfRange + "\n                  AND r.space_id = g.space_id";

    private const string OfAgent =
        OfRange + $"""

                  AND {RollupColumns.HasAgent}
                  AND r.agent = a.agent
        """;

    private const string OfRun =
        OfRange + $"""

                  AND {RollupColumns.HasRun}
                  AND r.member = @RunId
        """;

    // What no index decides.
    private const string AndFilters = "\n                  AND (@AnyDirection = 1 OR r.direction = @Direction)";

    // CONCAT: SQL Server compares 'a' and 'a ' as equal.
    private const string AndSpaceFilters =
        """

                  AND r.space_id IN (SELECT space_id FROM @SpaceIds)
                  AND (@AnyRun = 1 OR CONCAT(r.member, '.') = CONCAT(@RunId, '.'))
        """;

    private const string AndAgentFilter = "\n                  AND (@AnyAgent = 1 OR r.agent IN (SELECT agent FROM @AgentNames))";

    private const string EndRanges = ") r";

    private const string SumRows =
        $"""
        SELECT r.range_index, r.bucket,
               {MeasureColumns.RollupSums}
          FROM (
        SELECT TOP (@MaxRows + 1) g.range_index, (r.starts_at - g.starts_at) / g.bucket_width AS bucket, {MeasureColumns.Rollup}
        """;

    private const string EndSum = EndRanges + ") r\n GROUP BY r.range_index, r.bucket" + IndexHints.LoopJoins;

    private const string CountRows =
        "SELECT COUNT_BIG(*) AS row_count FROM (SELECT TOP (@MaxRows + 1) r.starts_at";

    private const string EndCount = EndRanges + ") r" + IndexHints.LoopJoins;

    private const string SelectGroups =
        $"""
        SELECT TOP (@Limit) g.*
          FROM (
        SELECT r.space_id, r.member, r.agent, r.direction,
               SUM(r.in_window * {MeasureColumns.TotalCalls}) AS calls,
               SUM(r.in_window * {MeasureColumns.TotalTasks}) AS tasks,
               {MeasureColumns.WindowSums}
        """;

    public const string ReadSpellings =
        $"""
        SELECT l.label AS [Key],
               COALESCE((
               SELECT TOP (1) t.label
                 FROM tasks t{IndexHints.TasksByLabel}
                WHERE t.organisation_id = @OrganisationId
                  AND t.product_id = @ProductId
                  AND t.normalized_label = l.label
                  AND t.normalized_label <> ''
                ORDER BY t.created_at DESC, t.task_id), l.label) AS Label
          FROM @Labels l
        """ + IndexHints.LoopJoins;

    private const string CompareGroups = ",\n" + MeasureColumns.ComparedSums;

    private const string GroupRows =
        $"""

          FROM (
        SELECT *
          FROM (
        SELECT TOP (@MaxRows + 1)
               CASE WHEN @BySpace = 1 THEN r.space_id ELSE 0 END AS space_id,
               CASE WHEN @ByMember = 1 THEN r.member ELSE '' END AS member,
               CASE WHEN @ByAgent = 1 THEN r.agent ELSE '' END AS agent,
               CASE WHEN @ByDirection = 1 THEN r.direction ELSE '' END AS direction,
               g.in_window, g.in_current, g.in_earlier, {MeasureColumns.Rollup}
        """;

    // SqlClient cannot send a table without rows: a row of index -1 stands for none.
    private const string EndGroups =
        $"""
        {EndRanges}) l
         UNION ALL
        SELECT CASE WHEN @BySpace = 1 THEN d.space_id ELSE 0 END, d.member, '', '', d.in_window, d.in_current, d.in_earlier,
               {MeasureColumns.Delta}
          FROM @Extra d
         WHERE d.row_index >= 0) r
         GROUP BY r.space_id, r.member, r.agent, r.direction) g
          LEFT JOIN spaces s
            ON s.organisation_id = @OrganisationId
           AND s.id = g.space_id
         ORDER BY g.calls DESC, g.tasks DESC, s.token, g.agent, g.direction, g.member
        """ + IndexHints.LoopJoins;

    public static string Sum(RollupIndex index) => SumRows + From(index) + And(index) + EndSum;

    // Of all rows that the index is read for, whether they match the other filters or not.
    public static string Count(RollupIndex index) => CountRows + From(index) + EndCount;

    public static string Group(RollupIndex index, bool isCompared) =>
        SelectGroups + (isCompared ? CompareGroups : "") + GroupRows + From(index) + And(index) + EndGroups;

    private static string And(RollupIndex index) => AndFilters + index switch
    {
        RollupIndex.Key => "",
        RollupIndex.ByAgent => AndSpaceFilters,
        RollupIndex.ByRun => AndSpaceFilters + AndAgentFilter,
    };

    private static string From(RollupIndex index) => index switch
    {
        RollupIndex.Key => FromRanges + IndexHints.RollupsByKey + OfSpace,
        RollupIndex.ByAgent => FromRangesAndAgents + IndexHints.RollupsByAgent + OfAgent,
        RollupIndex.ByRun => FromRanges + IndexHints.RollupsByRun + OfRun,
    };
}
