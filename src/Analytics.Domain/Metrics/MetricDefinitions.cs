using System.Text.Json.Serialization;
using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>Whether more of a number is better.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Better>))]
public enum Better
{
    [JsonStringEnumMemberName("more")]
    More,

    [JsonStringEnumMemberName("less")]
    Less,

    [JsonStringEnumMemberName("neither")]
    Neither,
}

/// <summary>
/// The meaning of one number of the responses. The name is that of the section and of the field. The value is null for a ratio over
/// zero that is not defined as 0. The label is a short name for people.
/// </summary>
public sealed record MetricDefinition(
    string Name, string Label, Better Better, string Formula, string Unit, Func<Measures, decimal?> Value, decimal? Maximum = null);

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
            "Calls",
            Better.More,
            "Tasks of type call: the six outcomes and reconciliation.other_outcomes",
            Calls,
            measures => measures.TotalCalls),
        new(
            "call_analytics.interested",
            "Interested",
            Better.More,
            "Calls labelled Interested or InterestedIn",
            Calls,
            measures => measures.Interested),
        new(
            "call_analytics.call_back",
            "Call back",
            Better.Neither,
            "Calls labelled Call Back",
            Calls,
            measures => measures.CallBack),
        new(
            "call_analytics.send_details",
            "Send details",
            Better.More,
            "Calls labelled Send Details",
            Calls,
            measures => measures.SendDetails),
        new(
            "call_analytics.not_interested",
            "Not interested",
            Better.Less,
            "Calls labelled Not Interested",
            Calls,
            measures => measures.NotInterested),
        new(
            "call_analytics.not_connected",
            "Not connected",
            Better.Less,
            "Calls labelled Not Connected",
            Calls,
            measures => measures.NotConnected),
        new(
            "call_analytics.failed",
            "Failed calls",
            Better.Less,
            "Calls without one of those labels that failed, or completed with the label Error, Unknown, Failed or none",
            Calls,
            measures => measures.CallsFailed),
        new(
            "call_analytics.avg_success_score",
            "Average success score",
            Better.More,
            "components.success_score_sum / components.scored_calls, to two decimals, half away from zero",
            "points of the evaluator's scale",
            measures => measures.AverageSuccessScore,
            SuccessScore.Max),

        new(
            "call_status.total_tasks",
            "Tasks",
            Better.More,
            "All tasks: the four statuses and reconciliation.other_states",
            Tasks,
            measures => measures.TotalTasks),
        new(
            "call_status.completed",
            "Completed tasks",
            Better.More,
            "Tasks whose status is completed",
            Tasks,
            measures => measures.Completed),
        new(
            "call_status.failed",
            "Failed tasks",
            Better.Less,
            "Tasks whose status is failed",
            Tasks,
            measures => measures.TasksFailed),
        new(
            "call_status.pending",
            "Pending tasks",
            Better.Neither,
            "Tasks whose status is pending",
            Tasks,
            measures => measures.Pending),
        new(
            "call_status.in_progress",
            "Tasks in progress",
            Better.Neither,
            "Tasks whose status is in_progress",
            Tasks,
            measures => measures.InProgress),
        new(
            "call_status.success_rate",
            "Success rate",
            Better.More,
            "call_status.completed / call_status.total_tasks × 100, to two decimals, half away from zero",
            "percent",
            measures => measures.SuccessRate,
            100),

        new(
            "reconciliation.other_outcomes",
            "Calls with another outcome",
            Better.Neither,
            "Calls that completed with any other label, and calls that are not finished and have none of the five labels",
            Calls,
            measures => measures.CallsOther),
        new(
            "reconciliation.other_states",
            "Tasks with another status",
            Better.Neither,
            "Tasks of any other status: hold, scheduled, partially_completed, processing, …",
            Tasks,
            measures => measures.TasksOther),

        new(
            "components.success_score_sum",
            "Sum of success scores",
            Better.Neither,
            "The sum of the scores of scored calls",
            "points of the evaluator's scale",
            measures => measures.SuccessScoreSum),
        new(
            "components.scored_calls",
            "Scored calls",
            Better.Neither,
            "Calls with a score",
            Calls,
            measures => measures.ScoredCalls),
        new(
            "components.duration_seconds_sum",
            "Total call duration",
            Better.Neither,
            "The sum of the durations of timed calls, each to whole milliseconds",
            "seconds",
            measures => measures.DurationSecondsSum),
        new(
            "components.timed_calls",
            "Timed calls",
            Better.Neither,
            "Calls with a duration, 0 included",
            Calls,
            measures => measures.TimedCalls),
        new(
            "components.avg_duration_seconds",
            "Average call duration",
            Better.Neither,
            "components.duration_seconds_sum / components.timed_calls, to two decimals, half away from zero",
            "seconds",
            measures => measures.AverageDurationSeconds),
    ];
}
