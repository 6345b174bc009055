namespace Analytics.Application.Storage;

/// <summary>A row of <c>tasks</c>, as Dapper reads and writes it. All columns of a tombstone's content are NULL.</summary>
public sealed record StoredTaskRow
{
    public string TaskId { get; init; } = "";

    // In milliseconds since 1970, as CreatedAt.
    public long UpdatedAt { get; init; }
    public long? SpaceId { get; init; }
    public string? ProductId { get; init; }
    public string? RunId { get; init; }
    public string? Agent { get; init; }
    public string? Direction { get; init; }
    public string? ExecutionType { get; init; }
    public string? Status { get; init; }
    public string? Label { get; init; }
    public string? Outcome { get; init; }
    public int? SuccessScore { get; init; }
    public long? Duration { get; init; }
    public long? CreatedAt { get; init; }

    // Computed only here, so that all engines store the same.
    public string? NormalizedExecutionType => ExecutionType is null ? null : CaseInsensitive.Normalize(ExecutionType);
    public string? NormalizedStatus => Status is null ? null : CaseInsensitive.Normalize(Status);
    public string? NormalizedLabel { get; private init; }

    public static StoredTaskRow From(StoredTask task) => new()
    {
        TaskId = task.TaskId,
        UpdatedAt = task.UpdatedAt.UnixMilliseconds,
        SpaceId = task.Content?.SpaceId,
        ProductId = task.Content?.ProductId,
        RunId = task.Content?.RunId,
        Agent = task.Content?.Agent,
        Direction = task.Content is { } content ? Directions.Name(content.Direction) : null,
        ExecutionType = task.Content?.ExecutionType,
        Status = task.Content?.Status,
        Label = task.Content?.Label,
        Outcome = task.Content?.Outcome is { } outcome ? Outcomes.Name(outcome) : null,
        SuccessScore = task.Content?.SuccessScore,
        Duration = task.Content?.Duration,
        CreatedAt = task.Content?.CreatedAt.UnixMilliseconds,
        NormalizedLabel = task.Content?.LabelKey,
    };

    /// <summary>The values in the order of <see cref="TaskColumns.Names"/>.</summary>
    public object?[] GetValues() =>
    [
        TaskId, UpdatedAt, SpaceId, ProductId, RunId, Agent, Direction, ExecutionType, Status, Label, Outcome, SuccessScore, Duration,
        CreatedAt, NormalizedExecutionType, NormalizedStatus, NormalizedLabel,
    ];

    public StoredTask ToTask() => new(TaskId, new Timestamp(UpdatedAt), SpaceId is not { } spaceId ? null : new TaskContent
    {
        SpaceId = spaceId,
        ProductId = ProductId!,
        RunId = RunId!,
        Agent = Agent!,
        Direction = Directions.Parse(Direction!),
        ExecutionType = ExecutionType!,
        Status = Status!,
        Label = Label,
        Outcome = Outcomes.Parse(Outcome),
        SuccessScore = SuccessScore,
        Duration = Duration,
        CreatedAt = new Timestamp(CreatedAt!.Value),
    });
}
