namespace Analytics.Client;

/// <summary>
/// The metrics of an earlier window. If the requested window is not over, the earlier one ends at the moment that corresponds
/// to now.
/// </summary>
public sealed record Comparison
{
    /// <summary>The start of the earlier window, in the requested time zone.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The end of the earlier window, exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <see cref="AnalyticsInclude.Reconciliation"/>.</summary>
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <see cref="AnalyticsInclude.Components"/>.</summary>
    public AverageComponents? Components { get; init; }

    /// <summary>
    /// The change from the earlier to the requested window, both up to now and the moment that corresponds to it, from exact
    /// sums and counts.
    /// </summary>
    public required ChangePercent ChangePercent { get; init; }

    /// <summary>The same change of rates, in percentage points.</summary>
    public required ChangePoints ChangePoints { get; init; }

    /// <summary>
    /// One row for each time bucket of the earlier window, empty ones too; with <see cref="AnalyticsQuery.Interval"/>.
    /// It is not cut at the moment that corresponds to now.
    /// </summary>
    public IReadOnlyList<SeriesRow>? Series { get; init; }
}

/// <summary>Changes in percent, to two decimals, half away from zero; null where the earlier value is 0.</summary>
public sealed record ChangePercent
{
    /// <summary>The changes of <c>call_analytics</c>.</summary>
    public required CallAnalyticsChange CallAnalytics { get; init; }

    /// <summary>The changes of <c>call_status</c>.</summary>
    public required CallStatusChange CallStatus { get; init; }

    /// <summary>The changes of <c>components</c>; with <see cref="AnalyticsInclude.Components"/>.</summary>
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

/// <summary>
/// The change of <c>components</c> in percent; null where the earlier value is 0, or either has nothing to divide by.
/// </summary>
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
