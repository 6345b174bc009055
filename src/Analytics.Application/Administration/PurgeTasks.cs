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
public sealed class PurgeTasks(DbDataSource database, WriteTasks taskWriter, TimeProvider clock)
{
    /// <summary>An instant as an operator writes it: a day, which is its begin, or a time; in ISO 8601, UTC where it names no zone.</summary>
    public static Instant? ParseBefore(string text) => JsonText.Time(text);

    /// <summary>Deletes them in batches, the newest first, and tells what became of each batch. One that is written meanwhile may stay.</summary>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="before">Only tasks that were created before; absent, all.</param>
    /// <param name="cancellationToken">Ends the purge after a whole batch.</param>
    public async IAsyncEnumerable<WriteCounts> RunAsync(long organisationId, Instant? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tasks = TasksByDay.ReadAsync(connection, transaction: null, organisationId, before ?? new Instant(long.MaxValue), cancellationToken)
            .SelectMany(day => day.Tasks)
            .Chunk(WriteTasks.MaxBatch);
        await foreach (var batch in tasks.WithCancellation(cancellationToken))
        {
            var now = Instant.Now(clock);
            yield return await taskWriter.WriteAsync(organisationId, [.. batch.Select(task => CreateDeletion(task, now))], cancellationToken);
        }
    }

    /// <summary>As late as what is stored, which may be ahead of the clock: an earlier one would change nothing.</summary>
    private static TaskWrite CreateDeletion(StoredTask task, Instant now) => new()
    {
        TaskId = task.TaskId,
        UpdatedAt = task.UpdatedAt > now ? task.UpdatedAt : now,
        UpdatedAtIsGiven = true,
        Content = null,
        CreatedAtIsGiven = false,
    };
}
