using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>
/// The meaning of one number of the responses. The name is that of the section and of the field. The value is null for a ratio over
/// zero that is not defined as 0.
/// </summary>
public sealed record MetricDefinition(
    string Name, string Formula, string Unit, Func<Measures, decimal?> Value, decimal? Maximum = null);

/// <summary>All metrics, in the order of the responses.</summary>
public static class MetricDefinitions
{
    // Incremented when a metric changes its meaning.
    public const int Version = 1;

    private const string Calls = "calls";
    private const string Tasks = "tasks";

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new(
            "call_analytics.total_calls",
            "Tasks of type call: the six outcomes and reconciliation.other_outcomes",
            Calls,
            measures => measures.TotalCalls),
        new("call_analytics.interested", "Calls labelled Interested or InterestedIn", Calls, measures => measures.Interested),
        new("call_analytics.call_back", "Calls labelled Call Back", Calls, measures => measures.CallBack),
        new("call_analytics.send_details", "Calls labelled Send Details", Calls, measures => measures.SendDetails),
        new("call_analytics.not_interested", "Calls labelled Not Interested", Calls, measures => measures.NotInterested),
        new("call_analytics.not_connected", "Calls labelled Not Connected", Calls, measures => measures.NotConnected),
        new(
            "call_analytics.failed",
            "Calls without one of those labels that failed, or completed with the label Error, Unknown, Failed or none",
            Calls,
            measures => measures.CallsFailed),
        new(
            "call_analytics.avg_success_score",
            "components.success_score_sum / components.scored_calls, to two decimals, half away from zero",
            "points of the evaluator's scale",
            measures => measures.AverageSuccessScore,
            SuccessScore.Max),

        new(
            "call_status.total_tasks",
            "All tasks: the four statuses and reconciliation.other_states",
            Tasks,
            measures => measures.TotalTasks),
        new("call_status.completed", "Tasks whose status is completed", Tasks, measures => measures.Completed),
        new("call_status.failed", "Tasks whose status is failed", Tasks, measures => measures.TasksFailed),
        new("call_status.pending", "Tasks whose status is pending", Tasks, measures => measures.Pending),
        new("call_status.in_progress", "Tasks whose status is in_progress", Tasks, measures => measures.InProgress),
        new(
            "call_status.success_rate",
            "call_status.completed / call_status.total_tasks × 100, to two decimals, half away from zero",
            "percent",
            measures => measures.SuccessRate,
            100),

        new(
            "reconciliation.other_outcomes",
            "Calls that completed with any other label, and calls that are not finished and have none of the five labels",
            Calls,
            measures => measures.CallsOther),
        new(
            "reconciliation.other_states",
            "Tasks of any other status: hold, scheduled, partially_completed, processing, …",
            Tasks,
            measures => measures.TasksOther),

        new(
            "components.success_score_sum",
            "The sum of the scores of scored calls",
            "points of the evaluator's scale",
            measures => measures.SuccessScoreSum),
        new("components.scored_calls", "Calls with a score", Calls, measures => measures.ScoredCalls),
        new(
            "components.duration_seconds_sum",
            "The sum of the durations of timed calls, each to whole milliseconds",
            "seconds",
            measures => measures.DurationSecondsSum),
        new("components.timed_calls", "Calls with a duration, 0 included", Calls, measures => measures.TimedCalls),
        new(
            "components.avg_duration_seconds",
            "components.duration_seconds_sum / components.timed_calls, to two decimals, half away from zero",
            "seconds",
            measures => measures.AverageDurationSeconds),
    ];
}
