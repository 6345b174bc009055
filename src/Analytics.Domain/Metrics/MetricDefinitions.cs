using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>The meaning of one number of the responses.</summary>
public sealed record MetricDefinition
{
    // The section and the field of the response.
    public required string Name { get; init; }
    public required string Formula { get; init; }
    public required string Unit { get; init; }
    public decimal Minimum { get; init; }
    public decimal? Maximum { get; init; }

    // Null for a ratio over zero that is not defined as 0.
    public required Func<Measures, decimal?> Value { get; init; }
}

/// <summary>All metrics, in the order of the responses.</summary>
public static class MetricDefinitions
{
    // Incremented when a metric changes its meaning.
    public const int Version = 1;

    private const string Calls = "calls";
    private const string Tasks = "tasks";

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Count(
            "call_analytics.total_calls",
            "Tasks of type call: the six outcomes and reconciliation.other_outcomes",
            Calls,
            measures => measures.TotalCalls),
        Count("call_analytics.interested", "Calls labelled Interested or InterestedIn", Calls, measures => measures.Interested),
        Count("call_analytics.call_back", "Calls labelled Call Back", Calls, measures => measures.CallBack),
        Count("call_analytics.send_details", "Calls labelled Send Details", Calls, measures => measures.SendDetails),
        Count("call_analytics.not_interested", "Calls labelled Not Interested", Calls, measures => measures.NotInterested),
        Count("call_analytics.not_connected", "Calls labelled Not Connected", Calls, measures => measures.NotConnected),
        Count(
            "call_analytics.failed",
            "Calls without one of those labels that failed, or completed with the label Error, Unknown, Failed or none",
            Calls,
            measures => measures.CallsFailed),
        new()
        {
            Name = "call_analytics.avg_success_score",
            Formula = "components.success_score_sum / components.scored_calls, to two decimals, half away from zero",
            Unit = "points of the evaluator's scale",
            Maximum = SuccessScore.Max,
            Value = measures => measures.AverageSuccessScore,
        },

        Count(
            "call_status.total_tasks",
            "All tasks: the four statuses and reconciliation.other_states",
            Tasks,
            measures => measures.TotalTasks),
        Count("call_status.completed", "Tasks whose status is completed", Tasks, measures => measures.Completed),
        Count("call_status.failed", "Tasks whose status is failed", Tasks, measures => measures.TasksFailed),
        Count("call_status.pending", "Tasks whose status is pending", Tasks, measures => measures.Pending),
        Count("call_status.in_progress", "Tasks whose status is in_progress", Tasks, measures => measures.InProgress),
        new()
        {
            Name = "call_status.success_rate",
            Formula = "call_status.completed / call_status.total_tasks × 100, to two decimals, half away from zero",
            Unit = "percent",
            Maximum = 100,
            Value = measures => measures.SuccessRate,
        },

        Count(
            "reconciliation.other_outcomes",
            "Calls that completed with any other label, and calls that are not finished and have none of the five labels",
            Calls,
            measures => measures.CallsOther),
        Count(
            "reconciliation.other_states",
            "Tasks of any other status: hold, scheduled, partially_completed, processing, …",
            Tasks,
            measures => measures.TasksOther),

        new()
        {
            Name = "components.success_score_sum",
            Formula = "The sum of the scores of scored calls",
            Unit = "points of the evaluator's scale",
            Value = measures => measures.SuccessScoreSum,
        },
        Count("components.scored_calls", "Calls with a score", Calls, measures => measures.ScoredCalls),
        new()
        {
            Name = "components.duration_seconds_sum",
            Formula = "The sum of the durations of timed calls, each to whole milliseconds",
            Unit = "seconds",
            Value = measures => measures.DurationSecondsSum,
        },
        Count("components.timed_calls", "Calls with a duration, 0 included", Calls, measures => measures.TimedCalls),
        new()
        {
            Name = "components.avg_duration_seconds",
            Formula = "components.duration_seconds_sum / components.timed_calls, to two decimals, half away from zero",
            Unit = "seconds",
            Value = measures => measures.AverageDurationSeconds,
        },
    ];

    private static MetricDefinition Count(string name, string formula, string unit, Func<Measures, decimal?> value) =>
        new() { Name = name, Formula = formula, Unit = unit, Value = value };
}
