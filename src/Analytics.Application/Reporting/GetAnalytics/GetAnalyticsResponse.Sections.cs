using System.Text.Json.Serialization;
using Analytics.Application.Reporting.Parsing;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The calls and tasks that the named outcomes and statuses do not include. With them, the counts add up to the totals.</summary>
public sealed record Reconciliation
{
    /// <summary>Calls with any other outcome, and calls that are not finished.</summary>
    public required long OtherOutcomes { get; init; }

    /// <summary>Tasks with any other status.</summary>
    public required long OtherStates { get; init; }

    /// <summary>Whether the counts are consistent: they add up to the totals, and none exceeds the calls or tasks.</summary>
    public required bool Balanced { get; init; }
}

/// <summary>The sums and counts behind the averages. To average over several rows, add them up and divide.</summary>
public sealed record Components
{
    /// <summary>The sum of the scores.</summary>
    public required decimal SuccessScoreSum { get; init; }

    /// <summary>The number of calls with a score.</summary>
    public required long ScoredCalls { get; init; }

    /// <summary>The sum of the calls' durations, in seconds.</summary>
    public required decimal DurationSecondsSum { get; init; }

    /// <summary>The number of calls with a duration.</summary>
    public required long TimedCalls { get; init; }

    /// <summary>The average duration in seconds, to two decimals, half away from zero; null if no call has a duration.</summary>
    public required decimal? AvgDurationSeconds { get; init; }
}

/// <summary>
/// The metrics of an earlier window. If the requested window is not over, the earlier one ends at the moment that corresponds to now.
/// </summary>
public sealed record ComparisonResult
{
    /// <summary>The start of the earlier window, in the requested time zone.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The end of the earlier window, exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <c>include=reconciliation</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Components? Components { get; init; }

    /// <summary>
    /// The change from the earlier to the requested window, both up to now and the moment that corresponds to it, from exact sums and
    /// counts.
    /// </summary>
    public required ChangePercent ChangePercent { get; init; }

    /// <summary>The same change of rates, in percentage points.</summary>
    public required ChangePoints ChangePoints { get; init; }

    /// <summary>
    /// One row for each time bucket of the earlier window, empty ones too; with <c>interval</c>. It is not cut at the moment that
    /// corresponds to now.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SeriesRow>? Series { get; init; }
}

/// <summary>Changes in percent, to two decimals, half away from zero; null where the earlier value is 0.</summary>
public sealed record ChangePercent
{
    /// <summary>The changes of <c>call_analytics</c>.</summary>
    public required CallAnalyticsChange CallAnalytics { get; init; }

    /// <summary>The changes of <c>call_status</c>.</summary>
    public required CallStatusChange CallStatus { get; init; }

    /// <summary>The changes of <c>components</c>; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComponentsChange? Components { get; init; }
}

/// <summary>The changes of <c>call_analytics</c> in percent; null where the earlier value is 0.</summary>
public sealed record CallAnalyticsChange
{
    /// <summary>Change of <c>total_calls</c>.</summary>
    public required decimal? TotalCalls { get; init; }

    /// <summary>Change of <c>interested</c>.</summary>
    public required decimal? Interested { get; init; }

    /// <summary>Change of <c>call_back</c>.</summary>
    public required decimal? CallBack { get; init; }

    /// <summary>Change of <c>send_details</c>.</summary>
    public required decimal? SendDetails { get; init; }

    /// <summary>Change of <c>not_interested</c>.</summary>
    public required decimal? NotInterested { get; init; }

    /// <summary>Change of <c>not_connected</c>.</summary>
    public required decimal? NotConnected { get; init; }

    /// <summary>Change of <c>failed</c>.</summary>
    public required decimal? Failed { get; init; }

    /// <summary>Change of <c>avg_success_score</c>.</summary>
    public required decimal? AvgSuccessScore { get; init; }
}

/// <summary>The changes of <c>call_status</c> in percent; null where the earlier value is 0.</summary>
public sealed record CallStatusChange
{
    /// <summary>Change of <c>total_tasks</c>.</summary>
    public required decimal? TotalTasks { get; init; }

    /// <summary>Change of <c>completed</c>.</summary>
    public required decimal? Completed { get; init; }

    /// <summary>Change of <c>failed</c>.</summary>
    public required decimal? Failed { get; init; }

    /// <summary>Change of <c>pending</c>.</summary>
    public required decimal? Pending { get; init; }

    /// <summary>Change of <c>in_progress</c>.</summary>
    public required decimal? InProgress { get; init; }

    /// <summary>Change of <c>success_rate</c>.</summary>
    public required decimal? SuccessRate { get; init; }
}

/// <summary>The change of <c>components</c> in percent; null where the earlier value is 0, or either has nothing to divide by.</summary>
public sealed record ComponentsChange
{
    /// <summary>Change of <c>avg_duration_seconds</c>.</summary>
    public required decimal? AvgDurationSeconds { get; init; }
}

/// <summary>The differences of exact rates in percentage points, to two decimals, half away from zero.</summary>
public sealed record ChangePoints
{
    /// <summary>The changes of the rates of <c>call_status</c>.</summary>
    public required CallStatusPoints CallStatus { get; init; }
}

/// <summary>The changes of the rates of <c>call_status</c> in percentage points; null where either window has no tasks.</summary>
public sealed record CallStatusPoints
{
    /// <summary>Change of <c>success_rate</c>.</summary>
    public required decimal? SuccessRate { get; init; }
}

/// <summary>One time bucket of the series.</summary>
public sealed record SeriesRow
{
    /// <summary>The start of the bucket, in the requested time zone.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The end of the bucket, exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>The length in hours. A day on which the clocks change has 23, 23.5 or 25.</summary>
    public required decimal Hours { get; init; }

    /// <summary>Whether the bucket is over.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whether the bucket is over, contains the start of the current quarter hour, or begins later.</summary>
    public required BucketState State { get; init; }

    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <c>include=reconciliation</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Components? Components { get; init; }
}

/// <summary>One group. Only the requested dimensions are present.</summary>
public sealed record GroupRow
{
    /// <summary>The token of the space; with <c>group_by=space</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpaceToken { get; init; }

    /// <summary>The name of the space; with <c>group_by=space</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpaceName { get; init; }

    /// <summary>The agent, empty for tasks without one; with <c>group_by=agent</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Agent { get; init; }

    /// <summary>The direction, empty for tasks without one; with <c>group_by=direction</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Direction { get; init; }

    /// <summary>The run, empty for tasks without one; with <c>group_by=run</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunId { get; init; }

    /// <summary>The label as its newest task spells it, empty for tasks without one; with <c>group_by=label</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>The local day of the week, from 1 (Monday) to 7; with <c>group_by=day_of_week</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DayOfWeek { get; init; }

    /// <summary>The local hour of the day, from 0 to 23; with <c>group_by=hour_of_day</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? HourOfDay { get; init; }

    /// <summary>True only in a last row that adds up the groups beyond <c>limit</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Other { get; init; }

    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <c>include=reconciliation</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Components? Components { get; init; }

    /// <summary>
    /// The change from the earlier to the requested window, both up to now and the moment that corresponds to it; with <c>compare</c>.
    /// Null if the earlier one has no tasks of the group.
    /// </summary>
    public ChangePercent? ChangePercent { get; init; }

    /// <summary>The same change of rates, in percentage points; with <c>compare</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChangePoints? ChangePoints { get; init; }
}

/// <summary>How the query was understood, and how recent the data is.</summary>
public sealed record Meta
{
    /// <summary>The start of the window, in the requested time zone; null if the window has no lower bound.</summary>
    public required DateTimeOffset? Start { get; init; }

    /// <summary>The end of the window, exclusive; null if the window has no upper bound.</summary>
    public required DateTimeOffset? End { get; init; }

    /// <summary>The start of the current quarter hour, in the requested time zone.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The window of the same kind directly before, ready to be requested; null if the window lacks a bound.</summary>
    public required WindowDates? Previous { get; init; }

    /// <summary>The window of the same kind directly after, ready to be requested; null if the window lacks a bound.</summary>
    public required WindowDates? Next { get; init; }

    /// <summary>The time zone in which days begin.</summary>
    public required string Timezone { get; init; }

    /// <summary>The length of the series' buckets; null without <c>interval</c>.</summary>
    public required string? Interval { get; init; }

    /// <summary>The organisation whose tasks are counted.</summary>
    public required MetaOrganisation Organisation { get; init; }

    /// <summary>The product whose tasks are counted.</summary>
    public required string Product { get; init; }

    /// <summary>When the organisation's data last changed, UTC. All writes up to then are included.</summary>
    public required string DataThrough { get; init; }

    /// <summary>
    /// The start of the first UTC day that counts a task of the organisation and product, whatever the filters; null if there is none.
    /// </summary>
    public required string? FirstTaskAt { get; init; }

    /// <summary>Increases when the meaning of a metric changes.</summary>
    public required int MetricVersion { get; init; }

    /// <summary>The version of the time zone database.</summary>
    public required string TzdbVersion { get; init; }

    /// <summary>Unknown parameters, which were ignored; at most 20 names.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }
}

/// <summary>The organisation whose tasks are counted.</summary>
public sealed record MetaOrganisation
{
    /// <summary>The handle, as in the header <c>Org-Handle</c>.</summary>
    public required string Handle { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }
}
