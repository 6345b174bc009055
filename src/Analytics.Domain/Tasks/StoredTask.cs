namespace Analytics.Domain.Tasks;

/// <summary>A task as the database keeps it.</summary>
/// <param name="TaskId">Unique within its organisation.</param>
/// <param name="UpdatedAt">The time of its last accepted write; an earlier write changes nothing.</param>
/// <param name="Content">What it says; absent for a tombstone, which remembers that the task was deleted.</param>
public sealed record StoredTask(string TaskId, Timestamp UpdatedAt, TaskContent? Content);

/// <summary>What a write did to a task.</summary>
public enum WriteEffect
{
    /// <summary>A task that was not there now is.</summary>
    Inserted,

    /// <summary>A task that was there is changed or gone.</summary>
    Updated,

    /// <summary>The write was the same, older or superseded, or deleted what was not there.</summary>
    Unchanged,
}

/// <summary>The rule that names what a write did.</summary>
public static class WriteEffects
{
    /// <summary>The effect of all of a batch's writes to one task.</summary>
    /// <param name="before">What was stored, if anything.</param>
    /// <param name="after">What is stored now.</param>
    public static WriteEffect Determine(StoredTask? before, StoredTask after) => (before?.Content, after.Content) switch
    {
        (null, null) => WriteEffect.Unchanged,
        (null, not null) => WriteEffect.Inserted,
        (not null, null) => WriteEffect.Updated,
        (not null, not null) => before == after ? WriteEffect.Unchanged : WriteEffect.Updated,
    };
}
