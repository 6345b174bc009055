using System.Runtime.CompilerServices;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Rollups;

namespace Analytics.Application.Administration;

/// <summary>
/// Deletes an organisation's tasks through <see cref="TaskWriter"/>, which updates the rollups too. An interrupted purge can be run again.
/// </summary>
public sealed class PurgeTasks(DbDataSource database, TaskWriter taskWriter, TimeProvider clock)
{
    // ISO 8601: a date (its start) or a time, in UTC if it has no zone.
    public static Timestamp? ParseBefore(string text) => JsonText.ParseTime(text);

    // Newest first, one item per committed batch. A task that is written concurrently may remain.
    public async IAsyncEnumerable<WriteCounts> RunAsync(
        long organisationId, Timestamp? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tasks = TasksByDay
            .ReadAsync(connection, transaction: null, organisationId, before ?? new Timestamp(long.MaxValue), cancellationToken)
            .SelectMany(day => day.Tasks)
            .Chunk(TaskWriter.MaxBatchSize);
        await foreach (var batch in tasks.WithCancellation(cancellationToken))
        {
            var now = Timestamp.Now(clock);
            TaskWrite[] deletions = [.. batch.Select(task => CreateDeletion(task, now))];
            yield return await taskWriter.WriteAsync(organisationId, deletions, cancellationToken);
        }
    }

    // A deletion that is older than the stored task would have no effect, and the stored time may be ahead of the clock.
    private static TaskWrite CreateDeletion(StoredTask task, Timestamp now) => new()
    {
        TaskId = task.TaskId,
        UpdatedAt = task.UpdatedAt > now ? task.UpdatedAt : now,
        HasUpdatedAt = true,
        Content = null,
        HasCreatedAt = false,
    };
}
