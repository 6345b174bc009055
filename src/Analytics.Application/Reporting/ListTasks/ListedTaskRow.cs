namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The version, and the task if one matches.</summary>
internal sealed record ListedTaskRow : VersionedRow
{
    public string? TaskId { get; init; }
    public string RunId { get; init; } = "";
    public string SpaceToken { get; init; } = "";
    public string SpaceName { get; init; } = "";
    public string ProductId { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Direction { get; init; } = "";
    public string ExecutionType { get; init; } = "";
    public string Status { get; init; } = "";
    public string? Outcome { get; init; }
    public string? Label { get; init; }
    public int? SuccessScore { get; init; }
    public long? Duration { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public ListedTask? Task => TaskId is null ? null : new ListedTask
    {
        TaskId = TaskId,
        RunId = RunId,
        SpaceToken = SpaceToken,
        SpaceName = SpaceName,
        ProductId = ProductId,
        Agent = Agent,
        Direction = Direction,
        ExecutionType = ExecutionType,
        Status = Status,
        Outcome = Outcome,
        Label = Label,
        SuccessScore = SuccessScore / 100m,
        DurationSeconds = Duration / 1000m,
        CreatedAt = new Timestamp(CreatedAt).ToString(),
        UpdatedAt = new Timestamp(UpdatedAt).ToString(),
    };
}
