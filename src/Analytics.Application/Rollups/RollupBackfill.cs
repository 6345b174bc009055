using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Rebuilds rollups from the tasks, newest first. Each chunk is one short transaction under the organisation's lock, which moves the
/// watermark of <see cref="RollupState"/>: writers add to the finished side only, and queries read only that. An interrupted rebuild
/// continues where it ended. Tasks of one instant are one chunk, however many.
/// </summary>
public sealed class RollupBackfill(
    DbDataSource database, WriteTransactionRunner transactions, ITaskStore store, SqlDialect dialect, TimeProvider clock)
{
    private const string UnfinishedSql =
        "SELECT organisation_id FROM organisation_versions WHERE rollups_revision <> revision OR rollups_from > 0 ORDER BY organisation_id";

    private const string NewestTimesWithLimit =
        """
        SELECT created_at
          FROM tasks
         WHERE organisation_id = @OrganisationId AND product_id = @ProductId AND created_at < @Before
         ORDER BY created_at DESC
         LIMIT @MaxTimes
        """;

    private const string NewestTimesWithTop =
        $"""
        SELECT TOP (@MaxTimes) created_at
          FROM tasks{IndexHints.TasksByTime}
         WHERE organisation_id = @OrganisationId AND product_id = @ProductId AND created_at < @Before
         ORDER BY created_at DESC
        """;

    /// <summary>Returns how many organisations had stale or unfinished rollups.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var organisationIds = await database.QueryAsync<long>(UnfinishedSql, parameters: null, cancellationToken);
        foreach (var organisationId in organisationIds)
        {
            await RunAsync(organisationId, cancellationToken);
        }

        return organisationIds.Count;
    }

    /// <summary>Completes the organisation's rollups. Several processes may do so at once.</summary>
    public async Task RunAsync(long organisationId, CancellationToken cancellationToken)
    {
        while (await transactions.RunAsync((transaction, token) => AdvanceAsync(transaction, organisationId, token), cancellationToken))
        {
        }
    }

    // Returns whether there is more to do.
    private async Task<bool> AdvanceAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        // The organisation may have been erased meanwhile.
        if (!await OrganisationVersionStore.TryLockAsync(transaction, organisationId, cancellationToken))
        {
            return false;
        }

        var state = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
        if (state.IsComplete)
        {
            return false;
        }

        var from = state.IsStale
            ? await StartAsync(transaction, organisationId, cancellationToken)
            : await AddChunkAsync(transaction, organisationId, state, cancellationToken);
        await transaction.CommitAsync();
        return from != RollupState.Complete;
    }

    private async Task<Timestamp> StartAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        await RollupState.StartRebuildAsync(transaction, organisationId, cancellationToken);
        return RollupState.Nothing;
    }

    private async Task<Timestamp> AddChunkAsync(
        WriteTransaction transaction, long organisationId, RollupState state, CancellationToken cancellationToken)
    {
        if (state.From == RollupState.Nothing)
        {
            if (await RollupDeletion.DeleteBatchAsync(transaction, organisationId, dialect, store.BatchSize, cancellationToken) > 0)
            {
                return RollupState.Nothing;
            }

            await transaction.ExecuteAsync(
                RollupDeletion.DeleteRemainingSql, new { OrganisationId = organisationId }, cancellationToken);
        }

        var tasks = new TaskReader(transaction.Connection, transaction.Transaction, dialect, organisationId);
        var productIds = await tasks.ReadProductIdsAsync(cancellationToken);
        var from = await FindChunkStartAsync(transaction, organisationId, productIds, state.From, cancellationToken);
        var sums = new RollupAccumulator();
        foreach (var productId in productIds)
        {
            await foreach (var row in tasks.ReadAsync(productId, from, state.From).WithCancellation(cancellationToken))
            {
                sums.Add(row.ToTask().Content!);
            }
        }

        await store.AddRollupsAsync(transaction, organisationId, sums.ToRollups(state.CountedSpaceIds), cancellationToken);
        await RollupState.MoveAsync(transaction, organisationId, from, cancellationToken);
        return from;
    }

    private async Task<Timestamp> FindChunkStartAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyList<string> productIds,
        Timestamp before,
        CancellationToken cancellationToken)
    {
        var sql = dialect switch { SqlDialect.Common => NewestTimesWithLimit, SqlDialect.TSql => NewestTimesWithTop };
        var times = new List<long>();
        foreach (var productId in productIds)
        {
            var parameters = new
            {
                OrganisationId = organisationId,
                ProductId = productId,
                Before = before.UnixMilliseconds,
                MaxTimes = store.BatchSize + 1L,
            };
            times.AddRange(await transaction.QueryAsync<long>(sql, parameters, cancellationToken));
        }

        if (times.Count <= store.BatchSize)
        {
            return RollupState.Complete;
        }

        // Later than the first task that is too many, unless all tasks of the chunk have its time.
        times.Sort((left, right) => right.CompareTo(left));
        var excess = times[store.BatchSize];
        return new Timestamp(times[0] == excess ? excess : excess + 1);
    }
}
