namespace Analytics.Domain.Tasks;

/// <summary>A write of one whole task: fields that the client omitted are empty.</summary>
public sealed record TaskWrite
{
    public required string TaskId { get; init; }

    // The time of receipt when the client sent none.
    public required Timestamp UpdatedAt { get; init; }
    public required bool HasUpdatedAt { get; init; }

    // Null for a deletion.
    public required TaskContent? Content { get; init; }

    // Without it a stored task retains its creation time.
    public required bool HasCreatedAt { get; init; }

    /// <summary>The task after this write; the stored one if nothing changes.</summary>
    public StoredTask ApplyTo(StoredTask? stored)
    {
        if (stored is null)
        {
            return new StoredTask(TaskId, UpdatedAt, Content);
        }

        var content = !HasCreatedAt && Content is not null && stored.Content is { } storedContent
            ? Content with { CreatedAt = storedContent.CreatedAt }
            : Content;
        var isReplay = !HasUpdatedAt && content == stored.Content;
        return isReplay || UpdatedAt < stored.UpdatedAt ? stored : new StoredTask(TaskId, UpdatedAt, content);
    }
}
