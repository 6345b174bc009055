using System.Text.Json.Serialization;

namespace Analytics.Application.Reporting.GetAnalytics;

/// <summary>How an organisation's calls and tasks are going.</summary>
public sealed record GetAnalyticsResponse
{
    /// <summary>What the calls led to.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>How far the tasks are.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>What the numbers above leave out; with <c>include=reconciliation</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>What the means are made of; with <c>include=components</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Components? Components { get; init; }

    /// <summary>An earlier window; with <c>compare</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComparisonResult? Comparison { get; init; }

    /// <summary>The window cut by the clock; with <c>interval</c>. The rows sum to the numbers above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SeriesRow>? Series { get; init; }

    /// <summary>The window cut by space, agent or direction; with <c>group_by</c>. The rows sum to the numbers above.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupRow>? Groups { get; init; }

    /// <summary>What was asked, and of what state the answer is; with <c>include=meta</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Meta? Meta { get; init; }
}

/// <summary>What the calls led to. <c>total_calls</c> is the six outcomes and the calls with any other or no outcome yet.</summary>
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

    /// <summary>Calls without one of the labels above that failed, or that completed with the label Error, Unknown, Failed or none.</summary>
    public required long Failed { get; init; }

    /// <summary>The sum of scores over the number of scored calls, 0 to 1000, to two decimals, half away from zero; 0 when no call is scored.</summary>
    public required decimal AvgSuccessScore { get; init; }
}

/// <summary>How far the tasks are. <c>total_tasks</c> is the four statuses and the tasks of any other status.</summary>
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

    /// <summary>Completed tasks in a hundred, to two decimals, half away from zero; 0 when there are no tasks.</summary>
    public required decimal SuccessRate { get; init; }
}
