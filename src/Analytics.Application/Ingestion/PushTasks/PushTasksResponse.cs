using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The number of lines by result. The four counts add up to all lines that are not blank.</summary>
public sealed record PushTasksResponse
{
    /// <summary>The maximum number of <see cref="Errors"/>.</summary>
    public const int MaxErrors = 100;

    /// <summary>Tasks that did not exist before.</summary>
    public required long Inserted { get; init; }

    /// <summary>Existing tasks that were changed or deleted.</summary>
    public required long Updated { get; init; }

    /// <summary>Lines without effect: the stored task is equal or newer.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Invalid lines. All other lines are written.</summary>
    public required long Rejected { get; init; }

    /// <summary>The first rejected lines, in the order of the body.</summary>
    public required IReadOnlyList<RejectedTask> Errors { get; init; }

    internal static PushTasksResponse From(ImportCounts counts, IEnumerable<RejectedLine> rejected) => new()
    {
        Inserted = counts.Written.Inserted,
        Updated = counts.Written.Updated,
        Unchanged = counts.Written.Unchanged,
        Rejected = counts.Rejected,
        Errors =
        [
            .. rejected.Take(MaxErrors).Select(line => new RejectedTask { Line = line.Number, TaskId = line.Id, Message = line.Reason }),
        ],
    };
}

/// <summary>An invalid line, which was not written.</summary>
public sealed record RejectedTask
{
    /// <summary>The line number, from 1. Blank lines count.</summary>
    public required long Line { get; init; }

    /// <summary>The id of the task; null if it is missing or invalid.</summary>
    public required string? TaskId { get; init; }

    /// <summary>One sentence that names the field and the rule that it breaks.</summary>
    public required string Message { get; init; }
}
