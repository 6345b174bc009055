using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>How the numbers of one row follow from each other: in the totals and in each row of every section.</summary>
internal sealed class CountRuleTests
{
    private const string Include = "include=reconciliation,components";

    private static ApiClient Api => Deployment.Api;

    private static readonly string[] Queries =
    [
        Include,
        $"date_range=28d&interval=day&compare=previous_period&group_by=agent&{Include}",
        $"date_range=6mo&interval=month&compare=previous_year&group_by=space,direction&{Include}",
        $"date_range=28d&group_by=day_of_week,hour_of_day&timezone=Asia/Kolkata&{Include}",
        $"date_range=28d&group_by=run&direction=inbound&{Include}",
    ];

    [TestCaseSource(nameof(Queries))]
    public async Task Outcomes_and_statuses_add_up_to_the_totals(string query)
    {
        var reply = await Api.GetAsync(query);

        foreach (var row in FindRows(reply.Data))
        {
            var counts = Counts.Of(row);
            var outcomes = counts["call_analytics.interested"] + counts["call_analytics.call_back"] + counts["call_analytics.send_details"]
                + counts["call_analytics.not_interested"] + counts["call_analytics.not_connected"] + counts["call_analytics.failed"];
            var statuses = counts["call_status.completed"] + counts["call_status.failed"] + counts["call_status.pending"]
                + counts["call_status.in_progress"];

            Assert.That(counts["call_analytics.total_calls"], Is.EqualTo(outcomes + counts["reconciliation.other_outcomes"]),
                reply.Explain($"total_calls is the six outcomes and other_outcomes, in {row}"));
            Assert.That(counts["call_status.total_tasks"], Is.EqualTo(statuses + counts["reconciliation.other_states"]),
                reply.Explain($"total_tasks is the four statuses and other_states, in {row}"));
            Assert.That(row.GetProperty("reconciliation").GetProperty("balanced").GetBoolean(), Is.True,
                reply.Explain($"The counts are balanced, in {row}"));
            Assert.That(counts["call_analytics.total_calls"], Is.LessThanOrEqualTo(counts["call_status.total_tasks"]),
                reply.Explain($"Each call is a task, in {row}"));
        }
    }

    [TestCaseSource(nameof(Queries))]
    public async Task Ratios_follow_from_their_sums_and_counts(string query)
    {
        var reply = await Api.GetAsync(query);

        foreach (var row in FindRows(reply.Data))
        {
            var counts = Counts.Of(row);
            Assert.That(row.GetProperty("call_status").GetProperty("success_rate").GetDecimal(),
                Is.EqualTo(Divide(100 * counts["call_status.completed"], counts["call_status.total_tasks"]) ?? 0),
                reply.Explain($"success_rate is completed / total_tasks in percent, to two decimals, in {row}"));
            Assert.That(row.GetProperty("call_analytics").GetProperty("avg_success_score").GetDecimal(),
                Is.EqualTo(Divide(counts["components.success_score_sum"], counts["components.scored_calls"]) ?? 0),
                reply.Explain($"avg_success_score is success_score_sum / scored_calls, to two decimals, in {row}"));
            Assert.That(ReadNullable(row.GetProperty("components").GetProperty("avg_duration_seconds")),
                Is.EqualTo(Divide(counts["components.duration_seconds_sum"], counts["components.timed_calls"])),
                reply.Explain($"avg_duration_seconds is duration_seconds_sum / timed_calls, to two decimals, or null, in {row}"));
        }
    }

    // The totals, the earlier totals, and each row of a series or of groups.
    private static IEnumerable<JsonElement> FindRows(JsonElement data) =>
    [
        data,
        .. data.TryGetProperty("series", out var series) ? series.EnumerateArray() : [],
        .. data.TryGetProperty("groups", out var groups) ? groups.EnumerateArray() : [],
        .. data.TryGetProperty("comparison", out var comparison) ? FindRows(comparison) : [],
    ];

    private static decimal? Divide(decimal sum, decimal count) =>
        count == 0 ? null : Math.Round(sum / count, 2, MidpointRounding.AwayFromZero);

    private static decimal? ReadNullable(JsonElement number) => number.ValueKind == JsonValueKind.Null ? null : number.GetDecimal();
}
