using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// The rollups of ranges of one space, granularity and length, not added up: SQLite would sort them first. CROSS JOIN fixes the join
/// order: each range is one range of the index.
/// </summary>
internal static class SqliteRollupStatements
{
    private const string SelectRollups =
        $"""
        SELECT s.key, r.starts_at, r.space_id, r.member, r.agent, r.direction, {MeasureColumns.Rollup}
          FROM json_each(@RangeStarts) s
         CROSS JOIN task_rollups r
        """;

    private const string OfRanges =
        """

         WHERE r.organisation_id = @OrganisationId
           AND r.product_id = @ProductId
           AND r.granularity = @Granularity
           AND r.starts_at >= s.value
           AND r.starts_at < s.value + @Length
        """;

    private const string OfSpace = "\n           AND r.space_id = @SpaceId";

    private const string OfAgents =
        $"""

           AND {RollupColumns.HasAgent}
           AND r.agent IN (SELECT value FROM json_each(@Agents))
        """;

    private const string OfRun =
        $"""

           AND {RollupColumns.HasRun}
           AND r.member = @RunId
        """;

    public const string ReadSpaceTokens = "SELECT id, token FROM spaces WHERE organisation_id = @OrganisationId";

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

    // Without statistics, SQLite would read all rollups of the organisation by the primary key.
    public static string Select(RollupIndex index) => SelectRollups + index switch
    {
        RollupIndex.Key => OfRanges + OfSpace,
        RollupIndex.ByAgent => " INDEXED BY task_rollups_by_agent" + OfRanges + OfAgents,
        RollupIndex.ByRun => " INDEXED BY task_rollups_by_run" + OfRanges + OfRun,
    };
}
