using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>What can be said of an answer's rows without knowing its tasks. Each has its reconciliation and its components.</summary>
internal static class AnswerRows
{
    private static readonly (string Block, string[] Names)[] Additive =
    [
        ("call_analytics", ["total_calls", "interested", "call_back", "send_details", "not_interested", "not_connected", "failed"]),
        ("call_status", ["total_tasks", "completed", "failed", "pending", "in_progress"]),
        ("reconciliation", ["other_outcomes", "other_states"]),
        ("components", ["success_score_sum", "scored_calls", "duration_seconds_sum", "timed_calls"]),
    ];

    public static int Tasks(Reply reply) => (int)reply.Json["data"]!.Number("call_status", "total_tasks");

    public static JsonNode[] Rows(this JsonNode data, string block) => [.. data[block]!.AsArray().Select(row => row!)];

    public static DateTimeOffset Time(this JsonNode row, string name) => DateTimeOffset.Parse((string)row[name]!, CultureInfo.InvariantCulture);

    public static decimal Number(this JsonNode row, string block, string name) => (decimal)row[block]![name]!;

    /// <summary>The numbers of some rows that can be added up, added up.</summary>
    public static IEnumerable<string> Sum(params IEnumerable<JsonNode> rows) =>
        [.. from part in Additive from name in part.Names select $"{part.Block}.{name} {rows.Sum(row => row.Number(part.Block, name)):0.###}"];

    /// <summary>Its parts make its totals, and its components its means.</summary>
    public static void AssertHolds(JsonNode row)
    {
        decimal Sum(string block) => Additive.First(part => part.Block == block).Names.Skip(1).Sum(name => row.Number(block, name));

        Assert.That((bool)row["reconciliation"]!["balanced"]!, Is.True);
        Assert.That(row.Number("call_analytics", "total_calls"), Is.EqualTo(Sum("call_analytics") + row.Number("reconciliation", "other_outcomes")));
        Assert.That(row.Number("call_status", "total_tasks"), Is.EqualTo(Sum("call_status") + row.Number("reconciliation", "other_states")));
        Assert.That(row.Number("call_analytics", "avg_success_score"), Is.EqualTo(Mean(row, "success_score_sum", "scored_calls") ?? 0));
        Assert.That((decimal?)row["components"]!["avg_duration_seconds"], Is.EqualTo(Mean(row, "duration_seconds_sum", "timed_calls")));
        Assert.That(row.Number("call_status", "success_rate"), Is.EqualTo(Mean(row.Number("call_status", "completed") * 100, row.Number("call_status", "total_tasks")) ?? 0));
    }

    private static decimal? Mean(JsonNode row, string sum, string count) => Mean(row.Number("components", sum), row.Number("components", count));

    private static decimal? Mean(decimal sum, decimal count) => count == 0 ? null : Math.Round(sum / count, 2, MidpointRounding.AwayFromZero);
}
