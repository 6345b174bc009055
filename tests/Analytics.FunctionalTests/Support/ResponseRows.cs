using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>What holds for a response's rows whatever the tasks are. Each has its reconciliation and its components.</summary>
internal static class ResponseRows
{
    private static readonly (string Block, string[] Names)[] AdditiveFields =
    [
        ("call_analytics", ["total_calls", "interested", "call_back", "send_details", "not_interested", "not_connected", "failed"]),
        ("call_status", ["total_tasks", "completed", "failed", "pending", "in_progress"]),
        ("reconciliation", ["other_outcomes", "other_states"]),
        ("components", ["success_score_sum", "scored_calls", "duration_seconds_sum", "timed_calls"]),
    ];

    public static int GetTotalTasks(Reply reply) => (int)reply.Json["data"]!.GetNumber("call_status", "total_tasks");

    public static JsonNode[] GetRows(this JsonNode data, string section) => [.. data[section]!.AsArray().Select(row => row!)];

    public static DateTimeOffset GetTime(this JsonNode row, string name) =>
        DateTimeOffset.Parse((string)row[name]!, CultureInfo.InvariantCulture);

    public static decimal GetNumber(this JsonNode row, string section, string name) => (decimal)row[section]![name]!;

    // The sums of the additive numbers of some rows.
    public static IEnumerable<string> FormatSums(params IEnumerable<JsonNode> rows) =>
        [.. from part in AdditiveFields from name in part.Names select $"{part.Block}.{name} {rows.Sum(row => row.GetNumber(part.Block, name)):0.###}"];

    // The parts add up to the totals, and the components yield the means.
    public static void AssertConsistent(JsonNode row)
    {
        decimal SumSection(string section) =>
            AdditiveFields.First(part => part.Block == section).Names.Skip(1).Sum(name => row.GetNumber(section, name));

        Assert.That((bool)row["reconciliation"]!["balanced"]!, Is.True);
        Assert.That(row.GetNumber("call_analytics", "total_calls"),
            Is.EqualTo(SumSection("call_analytics") + row.GetNumber("reconciliation", "other_outcomes")));
        Assert.That(row.GetNumber("call_status", "total_tasks"),
            Is.EqualTo(SumSection("call_status") + row.GetNumber("reconciliation", "other_states")));
        Assert.That(row.GetNumber("call_analytics", "avg_success_score"),
            Is.EqualTo(DivideOrNull(row, "success_score_sum", "scored_calls") ?? 0));
        Assert.That((decimal?)row["components"]!["avg_duration_seconds"],
            Is.EqualTo(DivideOrNull(row, "duration_seconds_sum", "timed_calls")));
        Assert.That(row.GetNumber("call_status", "success_rate"),
            Is.EqualTo(DivideOrNull(row.GetNumber("call_status", "completed") * 100, row.GetNumber("call_status", "total_tasks")) ?? 0));
    }

    private static decimal? DivideOrNull(JsonNode row, string sum, string count) =>
        DivideOrNull(row.GetNumber("components", sum), row.GetNumber("components", count));

    private static decimal? DivideOrNull(decimal sum, decimal count) =>
        count == 0 ? null : Math.Round(sum / count, 2, MidpointRounding.AwayFromZero);
}
