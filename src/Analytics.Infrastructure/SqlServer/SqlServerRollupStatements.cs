using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// Statements that sum ranges of rollups. Those of sums and counts read one row more than is allowed before they stop, which tells that
/// there are too many.
/// </summary>
internal static class SqlServerRollupStatements
{
    private const string FromRanges =
        """

          FROM @Ranges g
         CROSS APPLY (
               SELECT r.*
                 FROM task_rollups r
                WHERE r.organisation_id = @OrganisationId
                  AND r.product_id = @ProductId
                  AND r.granularity = g.granularity
                  AND r.starts_at >= g.starts_at
                  AND r.starts_at < g.ends_at
                  AND (@AnyDirection = 1 OR r.direction = @Direction)
        """;

    private const string OfSpace = "\n                  AND r.space_id = g.space_id";

    private const string OfAgents =
        $"""

                  AND {RollupColumns.HasAgent}
                  AND r.agent IN (SELECT agent FROM @AgentNames)
                  AND r.space_id IN (SELECT space_id FROM @SpaceIds)
        """;

    // CONCAT: SQL Server compares 'a' and 'a ' as equal.
    private const string OfRun =
        $"""

                  AND {RollupColumns.HasRun}
                  AND r.member = @RunId
                  AND CONCAT(r.member, '.') = CONCAT(@RunId, '.')
                  AND (@AnyAgent = 1 OR r.agent IN (SELECT agent FROM @AgentNames))
                  AND r.space_id IN (SELECT space_id FROM @SpaceIds)
        """;

    private const string EndRanges = ") r";

    private const string SumRows =
        $"""
        SELECT r.range_index, r.bucket, CAST(COUNT(*) AS BIGINT) AS row_count,
               {MeasureColumns.RollupSums}
          FROM (
        SELECT TOP (@MaxRows + 1) g.range_index, (r.starts_at - g.starts_at) / g.bucket_width AS bucket, {MeasureColumns.Rollup}
        """ + FromRanges;

    private const string EndSum = EndRanges + ") r\n GROUP BY r.range_index, r.bucket";

    private const string CountRows =
        "SELECT CAST(COUNT(*) AS BIGINT) AS row_count FROM (SELECT TOP (@MaxRows + 1) r.starts_at" + FromRanges;

    private const string EndCount = EndRanges + ") r";

    private const string SelectGroups =
        $"""
        SELECT TOP (@Limit) g.*
          FROM (
        SELECT r.space_id, r.member, r.agent, r.direction,
               SUM(r.in_window * {MeasureColumns.TotalCalls}) AS calls,
               SUM(r.in_window * {MeasureColumns.TotalTasks}) AS tasks,
               {MeasureColumns.WindowSums}
        """;

    // An inner join of a subquery of one row: a label that no task has any more is left out.
    public const string ReadSpellings =
        """
        SELECT l.label AS [Key], t.label AS Label
          FROM @Labels l
         CROSS APPLY (
               SELECT TOP (1) t.label
                 FROM tasks t
                WHERE t.organisation_id = @OrganisationId
                  AND t.product_id = @ProductId
                  AND t.normalized_label = l.label
                  AND t.normalized_label <> ''
                ORDER BY t.created_at DESC, t.task_id) t
        """;

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
        """ + FromRanges;

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
        """;

    public static string Sum(RollupIndex index) => SumRows + Of(index) + EndSum;

    // Before the groups are read: a sum of counts in their statement would make it keep all groups.
    public static string Count(RollupIndex index) => CountRows + Of(index) + EndCount;

    public static string Group(RollupIndex index, bool isCompared) =>
        SelectGroups + (isCompared ? CompareGroups : "") + GroupRows + Of(index) + EndGroups;

    private static string Of(RollupIndex index) => index switch
    {
        RollupIndex.Key => OfSpace,
        RollupIndex.ByAgent => OfAgents,
        RollupIndex.ByRun => OfRun,
    };
}
