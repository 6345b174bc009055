using System.Data.Common;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion;

/// <summary>
/// The one way in which tasks are written: one organisation per transaction, tasks and rollups together, so that the
/// numbers are those of the tasks at every instant.
/// </summary>
public sealed class TaskWriter(WriteTransactionRunner transactions, ITaskStore store, TimeProvider clock)
{
    /// <summary>The most writes of one batch: it bounds how long a transaction keeps other writers waiting.</summary>
    public const int MaxBatchSize = 10_000;

    /// <summary>Writes a batch in its order. When it returns, the batch is durable and in every read.</summary>
    /// <param name="organisationId">The organisation of all these tasks.</param>
    /// <param name="writes">At most <see cref="MaxBatchSize"/> writes, checked and in their order.</param>
    /// <param name="cancellationToken">Calls the whole batch off, as long as it is not committed.</param>
    public async Task<WriteCounts> WriteAsync(long organisationId, IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(writes.Count, MaxBatchSize, nameof(writes));
        try
        {
            var counts = await transactions.RunAsync((transaction, token) => WriteAsync(transaction, organisationId, writes, token), cancellationToken);
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
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);

        var taskIds = writes.Select(write => write.TaskId).ToHashSet(StringComparer.Ordinal);
        var before = await store.ReadStoredAsync(transaction, organisationId, taskIds, cancellationToken);
        var after = Fold(before, writes);

        var changed = after.Values.Where(task => task != before.GetValueOrDefault(task.TaskId)).ToList();
        if (changed.Count > 0)
        {
            var deltas = changed.SelectMany(task => RollupDelta.Between(before.GetValueOrDefault(task.TaskId)?.Content, task.Content)).ToList();
            var rollupState = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
            var isUpdate = changed.ToLookup(task => before.ContainsKey(task.TaskId));

            // While the database is busy. Periods that are not filled yet are left to who fills them from the tasks.
            var aggregation = Task.Run(() => (Totals: RollupDelta.ToTotals(deltas), Rollups: rollupState.IsCurrent ? RollupDelta.ToRollups(deltas, rollupState.CountedSpaceIds) : NoRollups), CancellationToken.None);
            await store.UpsertTasksAsync(transaction, organisationId, [.. isUpdate[false]], [.. isUpdate[true]], cancellationToken);
            var aggregated = await aggregation;

            await store.AddTotalsAsync(transaction, organisationId, aggregated.Totals, cancellationToken);
            await store.AddRollupsAsync(transaction, organisationId, aggregated.Rollups, cancellationToken);

            await transaction.CommitAsync();
        }

        return WriteCounts.From(after.Values.Select(task => WriteEffects.Determine(before.GetValueOrDefault(task.TaskId), task)), writes.Count);
    }

    private static IReadOnlyDictionary<RollupKey, Measures> NoRollups => new Dictionary<RollupKey, Measures>();

    private static Dictionary<string, StoredTask> Fold(IReadOnlyDictionary<string, StoredTask> before, IEnumerable<TaskWrite> writes)
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

        // Writes without a time that lead back to what is stored are a repeat of it, as one such write is.
        foreach (var (taskId, stored) in before.Where(task => !timestamped.Contains(task.Key) && after[task.Key].Content == task.Value.Content))
        {
            after[taskId] = stored;
        }

        return after;
    }
}

/// <summary>What became of a batch's writes. Older, superseded and equal ones are unchanged.</summary>
public sealed record WriteCounts(long Inserted, long Updated, long Unchanged)
{
    /// <summary>The counts of no writes.</summary>
    public static WriteCounts None { get; } = new(0, 0, 0);

    /// <summary>The counts of two batches together.</summary>
    public static WriteCounts operator +(WriteCounts left, WriteCounts right) =>
        new(left.Inserted + right.Inserted, left.Updated + right.Updated, left.Unchanged + right.Unchanged);

    internal static WriteCounts From(IEnumerable<WriteEffect> effects, int writeCount)
    {
        var counts = effects.CountBy(effect => effect).ToDictionary();
        var inserted = counts.GetValueOrDefault(WriteEffect.Inserted);
        var updated = counts.GetValueOrDefault(WriteEffect.Updated);
        return new WriteCounts(inserted, updated, writeCount - inserted - updated);
    }
}
