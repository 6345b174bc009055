namespace Analytics.Client;

/// <summary>The number of tasks by result. The four counts add up to all tasks that were pushed.</summary>
public sealed record PushResult
{
    /// <summary>Tasks that did not exist before.</summary>
    public required long Inserted { get; init; }

    /// <summary>Existing tasks that were changed or deleted.</summary>
    public required long Updated { get; init; }

    /// <summary>Tasks without effect: the stored task is equal or newer.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Invalid tasks. All other tasks are written.</summary>
    public required long Rejected { get; init; }

    /// <summary>The rejected tasks in the order of the push; of each batch of 1,000 the first hundred.</summary>
    public required IReadOnlyList<RejectedTask> Errors { get; init; }
}

/// <summary>An invalid task, which was not written.</summary>
public sealed record RejectedTask
{
    /// <summary>The index among all pushed tasks, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>The id of the task; null if it is missing or invalid.</summary>
    public required string? TaskId { get; init; }

    /// <summary>One sentence that names the field and the rule that it breaks.</summary>
    public required string Message { get; init; }
}
