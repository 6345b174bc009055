using System.Text.Json.Serialization;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>The call analytics and task statuses of an organisation.</summary>
public sealed record GetAnalyticsResponse
{
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

    /// <summary>The same metrics over an earlier window; with <c>compare</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComparisonResult? Comparison { get; init; }

    /// <summary>One row for each time bucket; with <c>interval</c>. The rows add up to the totals above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SeriesRow>? Series { get; init; }

    /// <summary>One row for each space, agent or direction; with <c>group_by</c>. The rows add up to the totals above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupRow>? Groups { get; init; }

    /// <summary>How the query was understood and how recent the data is; with <c>include=meta</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Meta? Meta { get; init; }
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

    /// <summary>Calls without one of the labels above that failed, or completed with the label Error, Unknown, Failed or none.</summary>
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
