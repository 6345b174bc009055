using System.Text.Json.Serialization;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>What the documented outcomes and statuses leave out, so that both make their totals.</summary>
public sealed record Reconciliation
{
    /// <summary>Calls of any other outcome, and calls that are not finished.</summary>
    public required long OtherOutcomes { get; init; }

    /// <summary>Tasks of any other status.</summary>
    public required long OtherStates { get; init; }

    /// <summary>Whether the parts make the totals, and no part of calls is more than there are calls or tasks.</summary>
    public required bool Balanced { get; init; }
}

/// <summary>The sums and counts that means are made of: add them up over any rows, and divide.</summary>
public sealed record Components
{
    /// <summary>The sum of the scores.</summary>
    public required decimal SuccessScoreSum { get; init; }

    /// <summary>Calls that are scored.</summary>
    public required long ScoredCalls { get; init; }

    /// <summary>The sum of the durations of calls, in seconds.</summary>
    public required decimal DurationSecondsSum { get; init; }

    /// <summary>Calls that are timed.</summary>
    public required long TimedCalls { get; init; }

    /// <summary>The mean duration of timed calls in seconds, to two decimals, half away from zero; null when no call is timed.</summary>
    public required decimal? AvgDurationSeconds { get; init; }
}

/// <summary>An earlier window, cut at the same elapsed time where the asked one is not over yet.</summary>
public sealed record ComparisonResult
{
    /// <summary>Its first instant, in the zone that was asked for.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The first instant after it.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>What its calls led to.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>How far its tasks are.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>By how much the numbers that were asked for are more, both up to the same elapsed time.</summary>
    public required ChangePercent ChangePercent { get; init; }
}

/// <summary>Changes in a hundred, to two decimals, half away from zero; null where the earlier number is 0.</summary>
public sealed record ChangePercent
{
    /// <summary>Of what the calls led to.</summary>
    public required CallAnalyticsChange CallAnalytics { get; init; }

    /// <summary>Of how far the tasks are.</summary>
    public required CallStatusChange CallStatus { get; init; }
}

/// <summary>Changes in a hundred of what the calls led to; null where the earlier number is 0.</summary>
public sealed record CallAnalyticsChange
{
    /// <summary>Of <c>total_calls</c>.</summary>
    public required decimal? TotalCalls { get; init; }

    /// <summary>Of <c>interested</c>.</summary>
    public required decimal? Interested { get; init; }

    /// <summary>Of <c>call_back</c>.</summary>
    public required decimal? CallBack { get; init; }

    /// <summary>Of <c>send_details</c>.</summary>
    public required decimal? SendDetails { get; init; }

    /// <summary>Of <c>not_interested</c>.</summary>
    public required decimal? NotInterested { get; init; }

    /// <summary>Of <c>not_connected</c>.</summary>
    public required decimal? NotConnected { get; init; }

    /// <summary>Of <c>failed</c>.</summary>
    public required decimal? Failed { get; init; }

    /// <summary>Of <c>avg_success_score</c>.</summary>
    public required decimal? AvgSuccessScore { get; init; }
}

/// <summary>Changes in a hundred of how far the tasks are; null where the earlier number is 0.</summary>
public sealed record CallStatusChange
{
    /// <summary>Of <c>total_tasks</c>.</summary>
    public required decimal? TotalTasks { get; init; }

    /// <summary>Of <c>completed</c>.</summary>
    public required decimal? Completed { get; init; }

    /// <summary>Of <c>failed</c>.</summary>
    public required decimal? Failed { get; init; }

    /// <summary>Of <c>pending</c>.</summary>
    public required decimal? Pending { get; init; }

    /// <summary>Of <c>in_progress</c>.</summary>
    public required decimal? InProgress { get; init; }

    /// <summary>Of <c>success_rate</c>.</summary>
    public required decimal? SuccessRate { get; init; }
}

/// <summary>One bucket of the series.</summary>
public sealed record SeriesRow
{
    /// <summary>Its first instant, in the zone that was asked for.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The first instant after it.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>How long it is: where clocks change, a day has 23, 23.5 or 25 hours.</summary>
    public required decimal Hours { get; init; }

    /// <summary>Whether it is over.</summary>
    public required bool Complete { get; init; }

    /// <summary>What its calls led to.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>How far its tasks are.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>What these numbers leave out; with <c>include=reconciliation</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>What the means are made of; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Components? Components { get; init; }
}

/// <summary>One group: only its own dimensions are there.</summary>
public sealed record GroupRow
{
    /// <summary>The space's token; where groups are by space.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpaceToken { get; init; }

    /// <summary>The space's name; likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SpaceName { get; init; }

    /// <summary>The agent, empty for tasks without one; where groups are by agent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Agent { get; init; }

    /// <summary>The direction, empty for tasks without one; where groups are by direction.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Direction { get; init; }

    /// <summary>True in the last row alone, where it sums the groups that <c>limit</c> cut off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Other { get; init; }

    /// <summary>What its calls led to.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>How far its tasks are.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>What these numbers leave out; with <c>include=reconciliation</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>What the means are made of; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Components? Components { get; init; }
}

/// <summary>What was asked, and of what state the answer is.</summary>
public sealed record Meta
{
    /// <summary>The window's first instant, in the zone that was asked for; null where nothing bounds it.</summary>
    public required DateTimeOffset? Start { get; init; }

    /// <summary>The first instant after the window; null likewise.</summary>
    public required DateTimeOffset? End { get; init; }

    /// <summary>The zone in which days begin.</summary>
    public required string Timezone { get; init; }

    /// <summary>The length of the series' buckets; null where no series was asked for.</summary>
    public required string? Interval { get; init; }

    /// <summary>The product that was asked about.</summary>
    public required string Product { get; init; }

    /// <summary>When the organisation changed last, UTC: every write up to then is in the numbers.</summary>
    public required string DataThrough { get; init; }

    /// <summary>Grows when a number changes its meaning.</summary>
    public required int MetricVersion { get; init; }

    /// <summary>Parameters that mean nothing here, at most 20 names.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }
}
