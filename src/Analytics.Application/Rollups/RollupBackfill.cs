using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// Rebuilds stale rollups from the tasks, one organisation at a time under its lock: the service stays available, and only that
/// organisation's writers wait.
/// </summary>
public sealed class RollupBackfill(DbDataSource database, WriteTransactionRunner transactions, ITaskStore store, TimeProvider clock)
{
    private const string StaleSql =
        "SELECT organisation_id FROM organisation_versions WHERE rollups_revision <> revision ORDER BY organisation_id";

    private const string DeleteSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId";

    /// <summary>Returns how many organisations were stale.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var staleOrganisationIds = await database.QueryAsync<long>(StaleSql, parameters: null, cancellationToken);
        foreach (var organisationId in staleOrganisationIds)
        {
            await transactions.RunAsync((transaction, token) => RunAsync(transaction, organisationId, token), cancellationToken);
        }

        return staleOrganisationIds.Count;
    }

    // The transaction holds the organisation's lock.
    internal async Task RebuildAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var countedSpaceIds = (await RollupState.ReadAsync(transaction, organisationId, cancellationToken)).CountedSpaceIds;
        await transaction.ExecuteAsync(DeleteSql, new { OrganisationId = organisationId }, cancellationToken);
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            var deltas = day.Contents.SelectMany(task => RollupDelta.Between(null, task));
            await store.AddRollupsAsync(transaction, organisationId, RollupDelta.ToRollups(deltas, countedSpaceIds), cancellationToken);
        }

        await RollupState.MarkCurrentAsync(transaction, organisationId, cancellationToken);
    }

    private async Task<bool> RunAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        // The organisation may have been erased since the list was read.
        if (!await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken))
        {
            return false;
        }

        await RebuildAsync(transaction, organisationId, cancellationToken);
        await transaction.CommitAsync();
        return true;
    }
}
