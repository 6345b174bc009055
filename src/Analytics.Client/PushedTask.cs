namespace Analytics.Client;

/// <summary>A task to be written. It replaces the whole stored task: what is null becomes empty.</summary>
public sealed record PushedTask
{
    /// <summary>Unique within the organisation.</summary>
    public required string TaskId { get; init; }

    /// <summary>One of the organisation's spaces; required unless deleted.</summary>
    public string? SpaceToken { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>in_progress</c>, <c>completed</c>, <c>failed</c> or any other; required unless deleted.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>Default: <c>call</c>.</summary>
    public string? ExecutionType { get; init; }

    /// <summary>Default: the product of the client.</summary>
    public string? ProductId { get; init; }

    /// <summary>The run (batch) of the task.</summary>
    public string? RunId { get; init; }

    /// <summary>The assigned voice agent.</summary>
    public string? Agent { get; init; }

    /// <summary><c>inbound</c>, <c>outbound</c> or empty.</summary>
    public Direction? Direction { get; init; }

    /// <summary>A call's label, such as <c>Interested</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>As in <see cref="ListedTask.Label"/>: where it is set, <see cref="Outcome"/> is ignored.</summary>
    public string? Label { get; init; }

    /// <summary>As in <see cref="ListedTask.SpaceName"/>; ignored.</summary>
    public string? SpaceName { get; init; }

    /// <summary>Of a call; at most two decimals.</summary>
    public decimal? SuccessScore { get; init; }

    /// <summary>In seconds.</summary>
    public decimal? DurationSeconds { get; init; }

    /// <summary>Default: the stored value, or now.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Default: now. An earlier value than the stored one changes nothing.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Deletes the task; then only <see cref="TaskId"/> is needed.</summary>
    public bool? Deleted { get; init; }
}
