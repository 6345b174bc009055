using System.Text.Json.Serialization;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>A page of tasks, newest first.</summary>
public sealed record ListTasksResponse
{
    /// <summary>The tasks: by <c>created_at</c>, newest first, then by <c>task_id</c>.</summary>
    public required IReadOnlyList<ListedTask> Tasks { get; init; }

    /// <summary>Whether there are more.</summary>
    public required bool HasMore { get; init; }

    /// <summary>Where the next page begins; null where there is none.</summary>
    public required string? Cursor { get; init; }

    /// <summary>The state that the page is of: equal on all pages of one state.</summary>
    public required string Version { get; init; }

    /// <summary>How many tasks the whole list has, where that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }
}

/// <summary>One task of a list.</summary>
public sealed record ListedTask
{
    /// <summary>Its id, unique within its organisation.</summary>
    public required string TaskId { get; init; }

    /// <summary>The batch that it came with; empty is none.</summary>
    public required string RunId { get; init; }

    /// <summary>The token of its space.</summary>
    public required string SpaceToken { get; init; }

    /// <summary>The voice agent that it is assigned to; empty is none.</summary>
    public required string Agent { get; init; }

    /// <summary><c>inbound</c>, <c>outbound</c>, or empty.</summary>
    public required string Direction { get; init; }

    /// <summary>What kind of work it is, as given.</summary>
    public required string ExecutionType { get; init; }

    /// <summary>How far it is, as given.</summary>
    public required string Status { get; init; }

    /// <summary>What the call led to; null where it is no call.</summary>
    public required string? Outcome { get; init; }

    /// <summary>What the call's summary says, as given; null where it says nothing.</summary>
    public required string? Label { get; init; }

    /// <summary>The score, 0 to 1000 with at most two decimals; null where it is not scored.</summary>
    public required decimal? SuccessScore { get; init; }

    /// <summary>The duration in seconds with at most three decimals; null where it is not timed.</summary>
    public required decimal? DurationSeconds { get; init; }

    /// <summary>The time that it belongs to, UTC.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>The time of its last accepted write, UTC.</summary>
    public required string UpdatedAt { get; init; }
}
