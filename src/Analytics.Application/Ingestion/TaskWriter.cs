using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Ingestion;

/// <summary>
/// The only writer of tasks. It writes one organisation per transaction and updates tasks and rollups together,
/// so that every committed version of the rollups is consistent with the tasks.
/// </summary>
public sealed class TaskWriter(WriteTransactionRunner transactions, ITaskStore store, TimeProvider clock)
{
    // Limits how long one transaction can delay other writers.
    public const int MaxBatchSize = 10_000;

    // Applies the writes in their order. When it returns, the batch is durable and visible to every read.
    public async Task<WriteCounts> WriteAsync(long organisationId, IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(writes.Count, MaxBatchSize, nameof(writes));
        try
        {
            var counts = await transactions.RunWithNewVersionAsync(
                organisationId, clock, (transaction, token) => WriteAsync(transaction, organisationId, writes, token), cancellationToken);
            AnalyticsMetrics.RecordRows(counts.Inserted, counts.Updated, counts.Unchanged);
            return counts;
        }
        catch (DbException exception) when (store.IsCheckViolation(exception))
        {
            throw new RollupCorruptedException(organisationId, exception);
        }
    }

    private async Task<WriteCounts> WriteAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var taskIds = writes.Select(write => write.TaskId).ToHashSet(StringComparer.Ordinal);
        var before = (await store.ReadStoredAsync(transaction, organisationId, taskIds, cancellationToken))
            .ToDictionary(row => row.TaskId, row => row.ToTask(), StringComparer.Ordinal);
        var after = Fold(before, writes);

        var changed = after.Values.Where(task => task != before.GetValueOrDefault(task.TaskId)).ToList();
        if (changed.Count > 0)
        {
            var deltas = changed
                .SelectMany(task => RollupDelta.Between(before.GetValueOrDefault(task.TaskId)?.Content, task.Content))
                .ToList();
            var rollupState = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
            var isUpdate = changed.ToLookup(task => before.ContainsKey(task.TaskId));

            // Aggregates while the database writes the tasks. Tasks before the watermark are skipped: the running
            // rebuild will compute their rollups.
            var rollupDeltas = deltas.Where(delta => delta.Task.CreatedAt >= rollupState.From);
            var aggregation = Task.Run(
                () => (RollupDelta.ToTotals(deltas), RollupDelta.ToRollups(rollupDeltas, rollupState.CountedSpaceIds)),
                CancellationToken.None);
            await store.UpsertTasksAsync(transaction, organisationId, [.. isUpdate[false]], [.. isUpdate[true]], cancellationToken);
            var (totals, rollups) = await aggregation;
            await store.AddTotalsAsync(transaction, organisationId, totals, cancellationToken);
            await store.AddRollupsAsync(transaction, organisationId, rollups, cancellationToken);
            await transaction.CommitAsync();
        }

        var effects = after.Values.Select(task => WriteEffects.Determine(before.GetValueOrDefault(task.TaskId), task));
        return WriteCounts.From(effects, writes.Count);
    }

    private static Dictionary<string, StoredTask> Fold(Dictionary<string, StoredTask> before, IEnumerable<TaskWrite> writes)
    {
        var after = new Dictionary<string, StoredTask>(StringComparer.Ordinal);
        var timestamped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            var stored = after.TryGetValue(write.TaskId, out var folded) ? folded : before.GetValueOrDefault(write.TaskId);
            after[write.TaskId] = write.ApplyTo(stored);
            if (write.HasUpdatedAt && after[write.TaskId] != stored)
            {
                timestamped.Add(write.TaskId);
            }
        }

        // Writes without updated_at that end in the stored content are a retry: they do not change updated_at.
        foreach (var (taskId, stored) in before)
        {
            if (!timestamped.Contains(taskId) && after[taskId].Content == stored.Content)
            {
                after[taskId] = stored;
            }
        }

        return after;
    }
}

/// <summary>
/// The number of writes by effect. A write that is older than the stored task, equal to it or superseded within its batch
/// counts as unchanged.
/// </summary>
public sealed record WriteCounts(long Inserted, long Updated, long Unchanged)
{
    public static WriteCounts None { get; } = new(0, 0, 0);

    public static WriteCounts operator +(WriteCounts left, WriteCounts right) =>
        new(left.Inserted + right.Inserted, left.Updated + right.Updated, left.Unchanged + right.Unchanged);

    public override string ToString() => $"inserted {Inserted}, updated {Updated}, unchanged {Unchanged}";

    internal static WriteCounts From(IEnumerable<WriteEffect> effects, int writeCount)
    {
        var counts = effects.CountBy(effect => effect).ToDictionary();
        var inserted = counts.GetValueOrDefault(WriteEffect.Inserted);
        var updated = counts.GetValueOrDefault(WriteEffect.Updated);
        return new WriteCounts(inserted, updated, writeCount - inserted - updated);
    }
}
