using System.Globalization;
using Analytics.Domain.Metrics;

namespace Analytics.Domain.Tests.Metrics;

internal sealed class MetricDefinitionsTests
{
    // Each measure has its own value, so that a metric that reads another measure fails.
    private static readonly Measures Example = new()
    {
        Interested = 1,
        CallBack = 2,
        SendDetails = 3,
        NotInterested = 4,
        NotConnected = 5,
        CallsFailed = 6,
        CallsOther = 7,
        Pending = 10,
        InProgress = 11,
        Completed = 12,
        TasksFailed = 13,
        TasksOther = 14,
        ScoreSum = 20_000,
        ScoredCalls = 8,
        DurationSum = 90_000,
        TimedCalls = 9,
    };

    [Test]
    public void Metric_definitions_name_the_response_fields_and_their_values() =>
        Assert.That(
            MetricDefinitions.All.Select(
                metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value(Example)} {metric.Unit}")),
            Is.EqualTo(new[]
            {
                "call_analytics.total_calls 28 calls",
                "call_analytics.interested 1 calls",
                "call_analytics.call_back 2 calls",
                "call_analytics.send_details 3 calls",
                "call_analytics.not_interested 4 calls",
                "call_analytics.not_connected 5 calls",
                "call_analytics.failed 6 calls",
                "call_analytics.avg_success_score 25 points of the evaluator's scale",
                "call_status.total_tasks 60 tasks",
                "call_status.completed 12 tasks",
                "call_status.failed 13 tasks",
                "call_status.pending 10 tasks",
                "call_status.in_progress 11 tasks",
                "call_status.success_rate 20 percent",
                "reconciliation.other_outcomes 7 calls",
                "reconciliation.other_states 14 tasks",
                "components.success_score_sum 200 points of the evaluator's scale",
                "components.scored_calls 8 calls",
                "components.duration_seconds_sum 90 seconds",
                "components.timed_calls 9 calls",
                "components.avg_duration_seconds 10 seconds",
            }));

    [Test]
    public void Every_metric_has_a_label_of_its_own() =>
        Assert.That(MetricDefinitions.All.Select(metric => metric.Label), Is.Unique.And.All.Length.InRange(1, 40));

    [TestCase("call_analytics.interested", Better.More)]
    [TestCase("call_analytics.not_connected", Better.Less)]
    [TestCase("call_status.success_rate", Better.More)]
    [TestCase("call_status.failed", Better.Less)]
    [TestCase("components.avg_duration_seconds", Better.Neither)]
    public void Metric_tells_whether_more_is_better(string name, Better better) =>
        Assert.That(MetricDefinitions.All.Single(metric => metric.Name == name).Better, Is.EqualTo(better));

    [Test]
    public void Every_metric_has_a_formula() => Assert.That(MetricDefinitions.All.Select(metric => metric.Formula), Has.All.Not.Empty);
}
