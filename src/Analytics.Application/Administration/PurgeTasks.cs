using System.Runtime.CompilerServices;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Administration;

/// <summary>
/// Deletes an organisation's tasks through <see cref="TaskWriter"/>, which updates the rollups too. An interrupted purge can be run again.
/// </summary>
public sealed class PurgeTasks(DbDataSource database, TaskWriter taskWriter, ITaskStore store, SqlDialect dialect, TimeProvider clock)
{
    private const string BatchWithLimit =
        """
        SELECT task_id AS TaskId, updated_at AS UpdatedAt, created_at AS CreatedAt
          FROM tasks
         WHERE organisation_id = @OrganisationId
           AND product_id = @ProductId
           AND created_at <= @CreatedAt
           AND (created_at < @CreatedAt OR task_id > @TaskId)
         ORDER BY created_at DESC, task_id
         LIMIT @BatchSize
        """;

    private const string BatchWithTop =
        $"""
        SELECT TOP (@BatchSize) task_id AS TaskId, updated_at AS UpdatedAt, created_at AS CreatedAt
          FROM tasks{IndexHints.TasksByTime}
         WHERE organisation_id = @OrganisationId
           AND product_id = @ProductId
           AND created_at <= @CreatedAt
           AND (created_at < @CreatedAt OR task_id > @TaskId)
         ORDER BY created_at DESC, task_id
        """;

    // ISO 8601: a date (its start) or a time, in UTC if it has no zone.
    public static Timestamp? ParseBefore(string text) => JsonText.ParseTime(text);

    // Newest first, one item per committed batch. A task that is written concurrently may remain.
    public async IAsyncEnumerable<WriteCounts> RunAsync(
        long organisationId, Timestamp? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sql = dialect switch { SqlDialect.Common => BatchWithLimit, SqlDialect.TSql => BatchWithTop };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var productId in await new TaskReader(connection, transaction: null, dialect, organisationId)
            .ReadProductIdsAsync(cancellationToken))
        {
            // The times are whole milliseconds.
            var last = new TaskRow("", UpdatedAt: 0, CreatedAt: (before?.UnixMilliseconds ?? long.MaxValue) - 1);
            while (await ReadBatchAsync(productId, last) is [.., var next] batch)
            {
                last = next;
                var now = Timestamp.Now(clock);
                yield return await taskWriter.WriteAsync(
                    organisationId, [.. batch.Select(task => CreateDeletion(task, now))], cancellationToken);
            }
        }

        async Task<List<TaskRow>> ReadBatchAsync(string productId, TaskRow last)
        {
            var parameters = new
            {
                OrganisationId = organisationId,
                ProductId = productId,
                last.CreatedAt,
                last.TaskId,
                BatchSize = (long)store.BatchSize,
            };
            return (await connection.QueryAsync<TaskRow>(new CommandDefinition(
                sql, parameters, commandTimeout: WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken))).AsList();
        }
    }

    // A deletion that is older than the stored task would have no effect, and the stored time may be ahead of the clock.
    private static TaskWrite CreateDeletion(TaskRow task, Timestamp now) => new()
    {
        TaskId = task.TaskId,
        UpdatedAt = task.UpdatedAt > now.UnixMilliseconds ? new Timestamp(task.UpdatedAt) : now,
        HasUpdatedAt = true,
        Content = null,
        HasCreatedAt = false,
    };

    private sealed record TaskRow(string TaskId, long UpdatedAt, long CreatedAt);
}
