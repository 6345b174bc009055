namespace Analytics.Client;

/// <summary>The call analytics and task statuses of an organisation.</summary>
public sealed record AnalyticsData
{
    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <see cref="AnalyticsInclude.Reconciliation"/>.</summary>
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <see cref="AnalyticsInclude.Components"/>.</summary>
    public AverageComponents? Components { get; init; }

    /// <summary>The same metrics over an earlier window; with <see cref="AnalyticsQuery.Compare"/>.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>
    /// One row for each time bucket; with <see cref="AnalyticsQuery.Interval"/>. The rows add up to the totals above.
    /// </summary>
    public IReadOnlyList<SeriesRow>? Series { get; init; }

    /// <summary>One row for each group; with <see cref="AnalyticsQuery.GroupBy"/>. The rows add up to the totals above.</summary>
    public IReadOnlyList<GroupRow>? Groups { get; init; }

    /// <summary>How the query was understood and how recent the data is; with <see cref="AnalyticsInclude.Meta"/>.</summary>
    public QueryMeta? Meta { get; init; }
}

/// <summary>Calls by outcome. <c>total_calls</c> is the sum of the six counts, plus calls with another outcome or none yet.</summary>
public sealed record CallAnalytics
{
    /// <summary>All calls: tasks whose execution type is <c>call</c>.</summary>
    public required long TotalCalls { get; init; }

    /// <summary>Calls labelled Interested or InterestedIn.</summary>
    public required long Interested { get; init; }

    /// <summary>Calls labelled Call Back.</summary>
    public required long CallBack { get; init; }

    /// <summary>Calls labelled Send Details.</summary>
    public required long SendDetails { get; init; }

    /// <summary>Calls labelled Not Interested.</summary>
    public required long NotInterested { get; init; }

    /// <summary>Calls labelled Not Connected.</summary>
    public required long NotConnected { get; init; }

    /// <summary>
    /// Calls without one of the labels above that failed, or completed with the label Error, Unknown, Failed or none.
    /// </summary>
    public required long Failed { get; init; }

    /// <summary>The average score of scored calls, 0 to 1000, to two decimals, half away from zero; 0 if no call is scored.</summary>
    public required decimal AvgSuccessScore { get; init; }
}

/// <summary>Tasks by status. <c>total_tasks</c> is the sum of the four counts, plus the tasks with any other status.</summary>
public sealed record CallStatus
{
    /// <summary>All tasks, calls or not.</summary>
    public required long TotalTasks { get; init; }

    /// <summary>Tasks that are completed.</summary>
    public required long Completed { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Tasks that have not started.</summary>
    public required long Pending { get; init; }

    /// <summary>Tasks that are running.</summary>
    public required long InProgress { get; init; }

    /// <summary>Completed tasks as a percentage of all tasks, to two decimals, half away from zero; 0 if there are no tasks.</summary>
    public required decimal SuccessRate { get; init; }
}

/// <summary>
/// The calls and tasks that the named outcomes and statuses do not include. With them, the counts add up to the totals.
/// </summary>
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
public sealed record AverageComponents
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
