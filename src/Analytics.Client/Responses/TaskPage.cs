namespace Analytics.Client;

/// <summary>A page of tasks, newest first.</summary>
public sealed record TaskPage : IPage
{
    /// <summary>
    /// The tasks, sorted by <c>created_at</c>, newest first, then by <c>task_id</c>. A page examines at most 10,000 tasks, so
    /// that it can have fewer tasks than <see cref="TaskQuery.Limit"/>, or none, while <see cref="HasMore"/> is true.
    /// </summary>
    public required IReadOnlyList<ListedTask> Tasks { get; init; }

    /// <summary>Whether there is a next page.</summary>
    public required bool HasMore { get; init; }

    /// <summary>The cursor of the next page; null if there is none.</summary>
    public required string? Cursor { get; init; }

    /// <summary>Identifies the state of the organisation's data: pages with the same value are consistent with each other.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// The number of tasks on all pages; with <see cref="TaskQuery.IncludeTotal"/>. Null if no pre-computed count has these filters and
    /// counting would examine more than 10,000 tasks.
    /// </summary>
    public long? Total { get; init; }
}

/// <summary>A task.</summary>
public sealed record ListedTask
{
    /// <summary>The id, unique within the organisation.</summary>
    public required string TaskId { get; init; }

    /// <summary>The run (batch) of the task; empty if there is none.</summary>
    public required string RunId { get; init; }

    /// <summary>The token of the space.</summary>
    public required string SpaceToken { get; init; }

    /// <summary>The name of the space.</summary>
    public required string SpaceName { get; init; }

    /// <summary>The product that the task belongs to.</summary>
    public required string ProductId { get; init; }

    /// <summary>The assigned voice agent; empty if there is none.</summary>
    public required string Agent { get; init; }

    /// <summary><c>inbound</c>, <c>outbound</c> or empty.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The type of the task, as received.</summary>
    public required string ExecutionType { get; init; }

    /// <summary>The status of the task, as received.</summary>
    public required string Status { get; init; }

    /// <summary>The outcome of the call; null if the task is not a call.</summary>
    public required Outcome? Outcome { get; init; }

    /// <summary>The label of the call, as received; null if there is none.</summary>
    public required string? Label { get; init; }

    /// <summary>The score, 0 to 1000 with at most two decimals; null if there is none.</summary>
    public required decimal? SuccessScore { get; init; }

    /// <summary>The duration in seconds, with at most three decimals; null if there is none.</summary>
    public required decimal? DurationSeconds { get; init; }

    /// <summary>The time of creation, UTC. Time ranges select by it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the last accepted write, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
