using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Storage;

/// <summary>A row of <c>tasks</c>, as every engine takes and returns it; a tombstone's content is all NULL.</summary>
public sealed record StoredTaskRow
{
    /// <summary>task_id</summary>
    public string TaskId { get; init; } = "";

    /// <summary>updated_at, in milliseconds since 1970.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>space_id</summary>
    public long? SpaceId { get; init; }

    /// <summary>product_id</summary>
    public string? ProductId { get; init; }

    /// <summary>run_id</summary>
    public string? RunId { get; init; }

    /// <summary>agent</summary>
    public string? Agent { get; init; }

    /// <summary>direction, by its name.</summary>
    public string? Direction { get; init; }

    /// <summary>execution_type</summary>
    public string? ExecutionType { get; init; }

    /// <summary>status</summary>
    public string? Status { get; init; }

    /// <summary>label</summary>
    public string? Label { get; init; }

    /// <summary>outcome, by its name.</summary>
    public string? Outcome { get; init; }

    /// <summary>success_score, in hundredths.</summary>
    public int? SuccessScore { get; init; }

    /// <summary>duration, in milliseconds.</summary>
    public long? Duration { get; init; }

    /// <summary>created_at, in milliseconds since 1970.</summary>
    public long? CreatedAt { get; init; }

    /// <summary>The row that keeps a task.</summary>
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
    };

    /// <summary>The task that the row keeps.</summary>
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
