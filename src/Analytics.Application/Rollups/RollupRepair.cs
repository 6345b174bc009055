using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Corrects wrong rollups and replaces wrong totals, in short transactions under the organisation's lock. Each increments the version, so
/// that no response outlives the wrong numbers.
/// </summary>
public sealed class RollupRepair(WriteTransactionRunner transactions, ITaskStore store, SqlDialect dialect, TimeProvider clock)
{
    // A task has up to 15 rollups, so that a transaction changes as many of them as a chunk of a rebuild.
    private const int MaxRollupsPerTask = 15;

    private const string UpdateOutcomeSql =
        "UPDATE tasks SET outcome = @Outcome WHERE organisation_id = @OrganisationId AND task_id = @TaskId";

    private const string DeleteTotalsSql = "DELETE FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string InsertTotalsSql =
        $"""
        INSERT INTO task_totals (organisation_id, space_id, product_id, {MeasureColumns.Names})
        SELECT r.organisation_id, r.space_id, r.product_id,
               {MeasureColumns.RollupSums}
          FROM task_rollups r
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id <> @AllSpaces
           AND r.granularity = @Days
         GROUP BY r.organisation_id, r.space_id, r.product_id
        """;

    private int MaxRollups => MaxRollupsPerTask * store.BatchSize;

    /// <summary>
    /// Recounts a day, corrects its rollups and re-applies the outcome rules to its tasks. The day's rollups are those of the stored
    /// outcomes first: then each batch of tasks changes with them, and none becomes negative. Months and totals are compared afterwards.
    /// </summary>
    internal async Task RepairDayAsync(
        long organisationId, string productId, Timestamp day, IReadOnlySet<long> storedSpaceIds, CancellationToken cancellationToken)
    {
        var outcomeMismatches = 0L;
        await RunAsync(
            organisationId,
            async (transaction, state, token) =>
            {
                var recount = new DayRecount(ReadTasks(transaction, organisationId), productId, day, state.CountedSpaceIds)
                {
                    AsStored = true,
                };
                var rollups = new RollupRecount(transaction.Connection, transaction.Transaction, organisationId, productId);
                var remaining = MaxRollups;
                await foreach (var recounted in recount.RunAsync(token))
                {
                    var differences = await rollups.FindDifferencesAsync(
                        recounted, storedSpaceIds.Append(RollupKey.AllSpaces), token);
                    await AddAsync(transaction, organisationId, differences.Take(remaining), token);
                    remaining -= differences.Count;
                    if (remaining < 0)
                    {
                        return true;
                    }
                }

                outcomeMismatches = recount.OutcomeMismatches;
                return false;
            },
            cancellationToken);
        if (outcomeMismatches == 0)
        {
            return;
        }

        // By hours, because each batch reads the tasks again.
        for (var next = day; next < Granularities.EndOf(Granularity.Day, day); next = Granularities.EndOf(Granularity.Hour, next))
        {
            var hour = next;
            await RunAsync(
                organisationId,
                (transaction, state, token) => ReclassifyAsync(transaction, state, organisationId, productId, hour, token),
                cancellationToken);
        }
    }

    /// <summary>Makes the rollups of a month the sums of its days.</summary>
    internal Task RepairMonthAsync(
        long organisationId, string productId, Timestamp month, IReadOnlySet<long> storedSpaceIds, CancellationToken cancellationToken) =>
        RunAsync(
            organisationId,
            async (transaction, _, token) =>
            {
                var rollups = new RollupRecount(transaction.Connection, transaction.Transaction, organisationId, productId);
                var differences = await rollups.FindMonthDifferencesAsync(month, storedSpaceIds, token);
                await AddAsync(transaction, organisationId, differences.Take(MaxRollups), token);
                return differences.Count > MaxRollups;
            },
            cancellationToken);

    /// <summary>Replaces the totals by the sums of the days.</summary>
    internal Task ReplaceTotalsAsync(long organisationId, CancellationToken cancellationToken) =>
        RunAsync(
            organisationId,
            async (transaction, state, token) =>
            {
                var parameters = new { OrganisationId = organisationId, RollupKey.AllSpaces, Days = (int)Granularity.Day };
                await transaction.ExecuteAsync(DeleteTotalsSql, parameters, token);
                await transaction.ExecuteAsync(InsertTotalsSql, parameters, token);
                return false;
            },
            cancellationToken);

    // Repeats the write, each time in a transaction of its own, while it returns that more is left. A rebuild that has started since
    // writes right rollups itself.
    private async Task RunAsync(
        long organisationId, Func<WriteTransaction, RollupState, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        while (await transactions.RunWithNewVersionAsync(organisationId, clock, WriteAsync, cancellationToken))
        {
        }

        async Task<bool> WriteAsync(WriteTransaction transaction, CancellationToken token)
        {
            var state = await RollupState.ReadAsync(transaction, organisationId, token);
            if (!state.IsComplete)
            {
                return false;
            }

            var isMoreLeft = await write(transaction, state, token);
            await transaction.CommitAsync();
            return isMoreLeft;
        }
    }

    // A batch of the hour's tasks. All of them are read, because Dapper cancels a query whose rows are not read to the end, and
    // PostgreSQL would then abort the transaction.
    private async Task<bool> ReclassifyAsync(
        WriteTransaction transaction, RollupState state, long organisationId, string productId, Timestamp hour,
        CancellationToken cancellationToken)
    {
        var changes = new List<(string TaskId, TaskContent Before, TaskContent After)>();
        var tasks = ReadTasks(transaction, organisationId).ReadAsync(productId, hour, Granularities.EndOf(Granularity.Hour, hour));
        await foreach (var row in tasks.WithCancellation(cancellationToken))
        {
            var stored = row.ToTask().Content!;
            var classified = stored.WithClassifiedOutcome();
            if (stored != classified && changes.Count < store.BatchSize)
            {
                changes.Add((row.TaskId, stored, classified));
            }
        }

        var rollups = RollupDelta.ToRollups(
            changes.SelectMany(change => RollupDelta.Between(change.Before, change.After)), state.CountedSpaceIds);
        await AddAsync(
            transaction, organisationId,
            rollups.Where(rollup => DayRecount.Daily.Contains(rollup.Key.Granularity)).Select(rollup => (rollup.Key, rollup.Value)),
            cancellationToken);
        await transaction.ExecuteAsync(
            UpdateOutcomeSql,
            changes.Select(change => new
            {
                OrganisationId = organisationId,
                change.TaskId,
                Outcome = change.After.Outcome is { } outcome ? Outcomes.Name(outcome) : null,
            }),
            cancellationToken);
        return changes.Count == store.BatchSize;
    }

    private TaskReader ReadTasks(WriteTransaction transaction, long organisationId) =>
        new(transaction.Connection, transaction.Transaction, dialect, organisationId);

    private Task AddAsync(
        WriteTransaction transaction, long organisationId, IEnumerable<(RollupKey Key, Measures Missing)> differences,
        CancellationToken cancellationToken) =>
        store.AddRollupsAsync(
            transaction, organisationId, differences.ToDictionary(difference => difference.Key, difference => difference.Missing),
            cancellationToken);
}
