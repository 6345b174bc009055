using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Comparisons with an earlier window, where the window is over: nothing is cut.</summary>
internal sealed class ComparisonTests
{
    private const string Include = "include=components,meta";

    private static ApiClient Api => Deployment.Api;

    [Test]
    public async Task Changes_follow_from_both_totals([Values("previous_period", "previous_year")] string compare)
    {
        var reply = await Api.GetAsync($"{Deployment.Days}&compare={compare}&{Include}");
        var comparison = reply.Data.GetProperty("comparison");

        AssertChanges(reply, comparison, Counts.Of(reply.Data), Counts.Of(comparison));
    }

    [Test]
    public async Task Earlier_totals_are_those_of_the_previous_window()
    {
        var (reply, previous) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var reply = await Api.GetAsync($"{Deployment.Days}&compare=previous_period&{Include}");
            return (reply, await Api.GetAsync($"{ReadPrevious(reply)}&{Include}"));
        });

        var comparison = reply.Data.GetProperty("comparison");
        Assert.That((comparison.GetProperty("start").GetString(), comparison.GetProperty("end").GetString()),
            Is.EqualTo((previous.Data.GetProperty("meta").GetProperty("start").GetString(),
                reply.Data.GetProperty("meta").GetProperty("start").GetString())),
            reply.Explain("previous_period is the window directly before, of the same length.", previous));
        Assert.That(Counts.Of(comparison), Is.EqualTo(Counts.Of(previous.Data)),
            reply.Explain("The comparison's totals are those of a report of its window.", previous));
    }

    [Test]
    public async Task Changes_of_a_group_follow_from_both_windows()
    {
        var (reply, previous) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var reply = await Api.GetAsync($"{Deployment.Days}&compare=previous_period&group_by=direction&{Include}");
            return (reply, await Api.GetAsync($"{ReadPrevious(reply)}&group_by=direction&{Include}"));
        });

        var earlier = previous.Data.GetProperty("groups").EnumerateArray()
            .ToDictionary(group => group.GetProperty("direction").GetString()!, group => Counts.Of(group), StringComparer.Ordinal);
        foreach (var group in reply.Data.GetProperty("groups").EnumerateArray())
        {
            if (earlier.TryGetValue(group.GetProperty("direction").GetString()!, out var counts))
            {
                AssertChanges(reply, group, Counts.Of(group), counts);
            }
            else
            {
                Assert.That(group.GetProperty("change_percent").ValueKind, Is.EqualTo(JsonValueKind.Null),
                    reply.Explain("change_percent of a group that was absent earlier is null.", previous));
            }
        }
    }

    [Test]
    public async Task Earlier_series_adds_up_to_the_earlier_totals()
    {
        var reply = await Api.GetAsync($"{Deployment.Days}&compare=previous_period&interval=day&fill=none&{Include}");
        var comparison = reply.Data.GetProperty("comparison");
        var series = comparison.GetProperty("series").EnumerateArray().ToList();

        Assert.That(series, Has.Count.EqualTo(28), reply.Explain("comparison.series has empty buckets too, whatever fill says."));
        Assert.That(Counts.Of(series), Is.EqualTo(Counts.Of(comparison)),
            reply.Explain("The rows of comparison.series add up to the comparison's totals."));
    }

    [Test]
    public async Task Window_that_is_not_over_is_compared_up_to_now()
    {
        var reply = await Api.GetAsync("date_range=week&timezone=Asia/Kolkata&compare=previous_period&include=meta");
        var meta = reply.Data.GetProperty("meta");

        Assert.That(reply.Data.GetProperty("comparison").GetProperty("end").GetDateTimeOffset(),
            Is.EqualTo(meta.GetProperty("now").GetDateTimeOffset().AddMinutes(15).AddDays(-7)),
            reply.Explain(
                "While the week is not over, the earlier one is cut at the same day and time: the end of the current quarter hour."));
    }

    private static void AssertChanges(
        Reply reply, JsonElement changes, SortedDictionary<string, decimal> now, SortedDictionary<string, decimal> earlier)
    {
        var percent = changes.GetProperty("change_percent");
        foreach (var name in now.Keys.Where(name => name.StartsWith("call_", StringComparison.Ordinal)))
        {
            AssertChange(name, now[name], earlier[name]);
        }

        AssertChange("call_status.success_rate", Divide(now, "call_status.completed", "call_status.total_tasks"),
            Divide(earlier, "call_status.completed", "call_status.total_tasks"));
        AssertChange("call_analytics.avg_success_score", Divide(now, "components.success_score_sum", "components.scored_calls"),
            Divide(earlier, "components.success_score_sum", "components.scored_calls"));

        var points = now["call_status.total_tasks"] == 0 || earlier["call_status.total_tasks"] == 0
            ? (decimal?)null
            : Round(100 * (Divide(now, "call_status.completed", "call_status.total_tasks")
                - Divide(earlier, "call_status.completed", "call_status.total_tasks")));
        Assert.That(ReadNullable(changes.GetProperty("change_points"), "call_status.success_rate"), Is.EqualTo(points),
            reply.Explain("change_points is the difference of the rates in percentage points, or null where a side has no tasks."));

        void AssertChange(string name, decimal value, decimal earlierValue) => Assert.That(
            ReadNullable(percent, name),
            Is.EqualTo(earlierValue == 0 ? (decimal?)null : Round(100 * (value - earlierValue) / earlierValue)),
            reply.Explain(
                $"change_percent of {name} is the change from {earlierValue} to {value}, to two decimals, or null where it was 0."));
    }

    private static decimal Divide(SortedDictionary<string, decimal> counts, string sum, string count) =>
        counts[count] == 0 ? 0 : counts[sum] / counts[count];

    private static decimal Round(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);

    private static decimal? ReadNullable(JsonElement section, string name)
    {
        var value = name.Split('.').Aggregate(section, (element, key) => element.GetProperty(key));
        return value.ValueKind == JsonValueKind.Null ? null : value.GetDecimal();
    }

    private static string ReadPrevious(Reply reply)
    {
        var previous = reply.Data.GetProperty("meta").GetProperty("previous");
        return $"start_date={previous.GetProperty("start_date")}&end_date={previous.GetProperty("end_date")}";
    }
}
