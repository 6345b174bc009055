using System.Data.Common;
using System.Runtime.CompilerServices;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Administration;

/// <summary>
/// Deletes the tasks of an organisation by the one way in which tasks are written, so that its numbers are those of the tasks
/// that are left at every instant. Killed and run again it goes on.
/// </summary>
public sealed class PurgeTasks(DbDataSource database, TaskWriter taskWriter, TimeProvider clock)
{
    /// <summary>An instant as an operator writes it: a day, which is its begin, or a time; in ISO 8601, UTC where it names no zone.</summary>
    public static Timestamp? ParseBefore(string text) => JsonText.ParseTime(text);

    /// <summary>Deletes them in batches, the newest first, and tells what became of each batch. One that is written meanwhile may stay.</summary>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="before">Only tasks that were created before; absent, all.</param>
    /// <param name="cancellationToken">Ends the purge after a whole batch.</param>
    public async IAsyncEnumerable<WriteCounts> RunAsync(long organisationId, Timestamp? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tasks = TasksByDay.ReadAsync(connection, transaction: null, organisationId, before ?? new Timestamp(long.MaxValue), cancellationToken)
            .SelectMany(day => day.Tasks)
            .Chunk(TaskWriter.MaxBatchSize);
        await foreach (var batch in tasks.WithCancellation(cancellationToken))
        {
            var now = Timestamp.Now(clock);
            yield return await taskWriter.WriteAsync(organisationId, [.. batch.Select(task => CreateDeletion(task, now))], cancellationToken);
        }
    }

    /// <summary>As late as what is stored, which may be ahead of the clock: an earlier one would change nothing.</summary>
    private static TaskWrite CreateDeletion(StoredTask task, Timestamp now) => new()
    {
        TaskId = task.TaskId,
        UpdatedAt = task.UpdatedAt > now ? task.UpdatedAt : now,
        HasUpdatedAt = true,
        Content = null,
        HasCreatedAt = false,
    };
}
