namespace Analytics.Domain.Tasks;

/// <summary>
/// A task in the database. <see cref="UpdatedAt"/> is that of the last accepted write. Without content it is a tombstone: the task
/// was deleted, and the tombstone makes older writes that arrive out of order have no effect.
/// </summary>
public sealed record StoredTask(string TaskId, Timestamp UpdatedAt, TaskContent? Content);

/// <summary>The effect of all of a batch's writes to one task.</summary>
public enum WriteEffect
{
    Inserted,

    // The task was changed or deleted.
    Updated,

    // The write was a replay, older than the stored task, or deleted a task that did not exist.
    Unchanged,
}

public static class WriteEffects
{
    public static WriteEffect Determine(StoredTask? before, StoredTask after) => (before?.Content, after.Content) switch
    {
        (null, null) => WriteEffect.Unchanged,
        (null, not null) => WriteEffect.Inserted,
        (not null, null) => WriteEffect.Updated,
        (not null, not null) => before == after ? WriteEffect.Unchanged : WriteEffect.Updated,
    };
}
