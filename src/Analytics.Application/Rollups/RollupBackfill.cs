using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Dapper;

namespace Analytics.Application.Rollups;

/// <summary>
/// Fills the periods of organisations that have none yet, one after the other, each under its own lock: the service goes on,
/// and only that organisation's writers wait.
/// </summary>
public sealed class RollupBackfill(DbDataSource database, WriteTransactionRunner transactions, ITaskStore store, TimeProvider clock)
{
    private const string StaleSql = "SELECT organisation_id FROM organisation_versions WHERE rollups_revision <> revision ORDER BY organisation_id";

    private const string DeleteSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId";

    /// <summary>Fills all that are not filled, and says how many those were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var staleOrganisationIds = await ReadStaleAsync(cancellationToken);
        foreach (var organisationId in staleOrganisationIds)
        {
            await transactions.RunAsync((transaction, token) => RunAsync(transaction, organisationId, token), cancellationToken);
        }

        return staleOrganisationIds.Count;
    }

    /// <summary>Fills one organisation's periods from its tasks, in a transaction that holds its lock.</summary>
    internal async Task RebuildAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var countedSpaceIds = (await RollupState.ReadAsync(transaction, organisationId, cancellationToken)).CountedSpaceIds;
        await transaction.ExecuteAsync(DeleteSql, new { OrganisationId = organisationId }, cancellationToken);
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            await store.AddRollupsAsync(transaction, organisationId, RollupDelta.ToRollups(day.Contents.SelectMany(task => RollupDelta.Between(null, task)), countedSpaceIds), cancellationToken);
        }

        await RollupState.MarkCurrentAsync(transaction, organisationId, cancellationToken);
    }

    private async Task<bool> RunAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        // It may have been erased since the list of them was read.
        if (!await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken))
        {
            return false;
        }

        await RebuildAsync(transaction, organisationId, cancellationToken);
        await transaction.CommitAsync();
        return true;
    }

    private async Task<IReadOnlyList<long>> ReadStaleAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(StaleSql, cancellationToken: cancellationToken))];
    }
}
