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

    /// <summary>Recounts a day, corrects its rollups and re-applies the outcome rules to its tasks.</summary>
    /// <param name="hasOutcomeMismatches">
    /// The rollups then change with the tasks in one transaction, however many: a push of such a task subtracts its stored outcome.
    /// </param>
    internal Task RepairDayAsync(
        long organisationId, string productId, Timestamp day, IReadOnlySet<long> storedSpaceIds, bool hasOutcomeMismatches,
        CancellationToken cancellationToken) =>
        RunAsync(
            organisationId,
            async (transaction, state, token) =>
            {
                var tasks = new TaskReader(transaction.Connection, transaction.Transaction, dialect, organisationId);
                var recount = new DayRecount(tasks, organisationId, productId, day, state.CountedSpaceIds);
                var rollups = new RollupRecount(transaction.Connection, transaction.Transaction, organisationId, productId);
                var remaining = hasOutcomeMismatches ? int.MaxValue : MaxRollups;
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

                await transaction.ExecuteAsync(UpdateOutcomeSql, recount.OutcomeFixes, token);
                return false;
            },
            cancellationToken);

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

    private Task AddAsync(
        WriteTransaction transaction, long organisationId, IEnumerable<(RollupKey Key, Measures Missing)> differences,
        CancellationToken cancellationToken) =>
        store.AddRollupsAsync(
            transaction, organisationId, differences.ToDictionary(difference => difference.Key, difference => difference.Missing),
            cancellationToken);
}
