namespace Analytics.Domain.Tasks;

/// <summary>One write of one whole task: an absent optional field is empty.</summary>
public sealed record TaskWrite
{
    /// <summary>The task, within its organisation.</summary>
    public required string TaskId { get; init; }

    /// <summary>When the writer changed the task; the time of receipt when it did not say.</summary>
    public required Timestamp UpdatedAt { get; init; }

    /// <summary>Whether the writer said when it changed the task.</summary>
    public required bool HasUpdatedAt { get; init; }

    /// <summary>The task; absent for a deletion.</summary>
    public required TaskContent? Content { get; init; }

    /// <summary>Whether the writer said when the task was created; if not, a stored time stays.</summary>
    public required bool HasCreatedAt { get; init; }

    /// <summary>What is stored after this write.</summary>
    /// <param name="stored">What is stored before it, if anything.</param>
    /// <returns><paramref name="stored"/> itself, or its equal, when nothing changes.</returns>
    public StoredTask ApplyTo(StoredTask? stored)
    {
        if (stored is null)
        {
            return new StoredTask(TaskId, UpdatedAt, Content);
        }

        var content = !HasCreatedAt && stored.Content is { } storedContent ? WithCreatedAt(storedContent.CreatedAt) : Content;
        var isReplay = !HasUpdatedAt && content == stored.Content;
        return isReplay || UpdatedAt < stored.UpdatedAt ? stored : new StoredTask(TaskId, UpdatedAt, content);
    }

    private TaskContent? WithCreatedAt(Timestamp createdAt) => Content is null ? null : Content with { CreatedAt = createdAt };
}
