using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>What became of the lines: together the four counts are all that were not blank.</summary>
public sealed record PushTasksResponse
{
    /// <summary>The most lines that <see cref="Errors"/> names.</summary>
    public const int MaxErrors = 100;

    /// <summary>Tasks that were not there.</summary>
    public required long Inserted { get; init; }

    /// <summary>Tasks that changed.</summary>
    public required long Updated { get; init; }

    /// <summary>Lines that changed nothing: the task says so already, or something newer.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Lines that break a rule; the others are written all the same.</summary>
    public required long Rejected { get; init; }

    /// <summary>The first of the rejected lines, in their order.</summary>
    public required IReadOnlyList<RejectedTask> Errors { get; init; }

    internal static PushTasksResponse From(ImportCounts counts, IEnumerable<RejectedLine> rejected) => new()
    {
        Inserted = counts.Written.Inserted,
        Updated = counts.Written.Updated,
        Unchanged = counts.Written.Unchanged,
        Rejected = counts.Rejected,
        Errors = [.. rejected.Take(MaxErrors).Select(line => new RejectedTask { Line = line.Number, TaskId = line.Id, Message = line.Reason })],
    };
}

/// <summary>A line that was not written.</summary>
public sealed record RejectedTask
{
    /// <summary>Counted from 1, blank lines too.</summary>
    public required long Line { get; init; }

    /// <summary>The task, where its id could be read and is one.</summary>
    public required string? TaskId { get; init; }

    /// <summary>One sentence that names the field and the rule.</summary>
    public required string Message { get; init; }
}
