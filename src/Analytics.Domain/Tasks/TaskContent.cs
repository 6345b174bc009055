namespace Analytics.Domain.Tasks;

/// <summary>Everything that a live task says about itself.</summary>
public sealed record TaskContent
{
    /// <summary>The space that the task is in.</summary>
    public required long SpaceId { get; init; }

    /// <summary>The product that the task belongs to.</summary>
    public required string ProductId { get; init; }

    /// <summary>The batch that the task came with; <c>''</c> is none.</summary>
    public required string RunId { get; init; }

    /// <summary>The voice agent that the task is assigned to; <c>''</c> is none.</summary>
    public required string Agent { get; init; }

    /// <summary>Who placed the call.</summary>
    public required Direction Direction { get; init; }

    /// <summary>What kind of work this is, as given.</summary>
    public required string ExecutionType { get; init; }

    /// <summary>How far the task is, as given.</summary>
    public required string Status { get; init; }

    /// <summary>What the call's summary says, as given; absent when it says nothing.</summary>
    public required string? Label { get; init; }

    /// <summary>The outcome as it was counted; absent when the task is not a call.</summary>
    public required Outcome? Outcome { get; init; }

    /// <summary>The score in hundredths, 0 to 100,000; absent when not scored.</summary>
    public required int? SuccessScore { get; init; }

    /// <summary>The duration in milliseconds; absent when not timed.</summary>
    public required long? Duration { get; init; }

    /// <summary>The time that the task belongs to.</summary>
    public required Timestamp CreatedAt { get; init; }

    /// <summary>This task with the outcome that the rules give today.</summary>
    public TaskContent WithClassifiedOutcome() => this with { Outcome = Outcomes.Classify(ExecutionType, Status, Label) };
}
