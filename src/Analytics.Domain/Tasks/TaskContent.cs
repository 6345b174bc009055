namespace Analytics.Domain.Tasks;

/// <summary>All fields of a task but its id and time of change.</summary>
public sealed record TaskContent
{
    public required long SpaceId { get; init; }
    public required string ProductId { get; init; }

    // '' without a batch.
    public required string RunId { get; init; }

    // '' without a voice agent.
    public required string Agent { get; init; }
    public required Direction Direction { get; init; }

    // These three are as received.
    public required string ExecutionType { get; init; }
    public required string Status { get; init; }
    public required string? Label { get; init; }

    // Null when the task is not a call.
    public required Outcome? Outcome { get; init; }

    // In hundredths.
    public required int? SuccessScore { get; init; }

    // In milliseconds.
    public required long? Duration { get; init; }
    public required Timestamp CreatedAt { get; init; }

    // '' without a label. Tasks with equal keys have one label, however it is spelt.
    public string LabelKey => Label is null ? "" : Outcomes.NormalizeLabel(Label);

    public TaskContent WithClassifiedOutcome() => this with { Outcome = Outcomes.Classify(ExecutionType, Status, Label) };
}
