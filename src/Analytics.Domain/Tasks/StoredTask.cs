namespace Analytics.Domain.Tasks;

/// <summary>
/// A task in the database. <see cref="UpdatedAt"/> is that of the last accepted write. Without content it is a tombstone: the task
/// was deleted, and the tombstone makes older writes that arrive out of order have no effect.
/// </summary>
public sealed record StoredTask(string TaskId, Timestamp UpdatedAt, TaskContent? Content);

/// <summary>The effect of a batch on one task. A deletion updates the task, or leaves it unchanged if it did not exist.</summary>
public enum WriteEffect
{
    Inserted,
    Updated,

    // All writes were replays, or older than the stored task.
    Unchanged,
}

public static class WriteEffects
{
    public static WriteEffect Determine(StoredTask? before, StoredTask after) => (before?.Content, after.Content) switch
    {
        (null, null) => WriteEffect.Unchanged,
        (null, _) => WriteEffect.Inserted,
        _ => before == after ? WriteEffect.Unchanged : WriteEffect.Updated,
    };
}
