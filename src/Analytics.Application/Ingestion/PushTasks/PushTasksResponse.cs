using System.Text.Json.Serialization;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The number of tasks by result. The four counts add up to all tasks of the body.</summary>
public sealed record PushTasksResponse
{
    /// <summary>The maximum number of <see cref="Errors"/>.</summary>
    public const int MaxErrors = 100;

    /// <summary>Tasks that did not exist before.</summary>
    public required long Inserted { get; init; }

    /// <summary>Existing tasks that were changed or deleted.</summary>
    public required long Updated { get; init; }

    /// <summary>Tasks without effect: the stored task is equal or newer.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Invalid tasks. All other tasks are written.</summary>
    public required long Rejected { get; init; }

    /// <summary>The first rejected tasks, in the order of the body.</summary>
    public required IReadOnlyList<RejectedTask> Errors { get; init; }

    internal static PushTasksResponse From(ImportCounts counts, IEnumerable<RejectedLine> rejected, PushFormat format) => new()
    {
        Inserted = counts.Written.Inserted,
        Updated = counts.Written.Updated,
        Unchanged = counts.Written.Unchanged,
        Rejected = counts.Rejected,
        Errors =
        [
            .. rejected.Take(MaxErrors).Select(task => new RejectedTask
            {
                Line = format == PushFormat.Lines ? task.Number : null,
                Index = format == PushFormat.Array ? task.Number : null,
                TaskId = task.Id,
                Message = task.Reason,
            }),
        ],
    };
}

/// <summary>An invalid task, which was not written.</summary>
public sealed record RejectedTask
{
    /// <summary>The line number, from 1, if the body is NDJSON. Blank lines count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    /// <summary>The index in the array, from 0, if the body is a JSON array.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Index { get; init; }

    /// <summary>The id of the task; null if it is missing or invalid.</summary>
    public required string? TaskId { get; init; }

    /// <summary>One sentence that names the field and the rule that it breaks.</summary>
    public required string Message { get; init; }
}
