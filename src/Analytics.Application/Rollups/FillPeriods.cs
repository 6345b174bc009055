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
public sealed class FillPeriods(DbDataSource database, WriteTransactions transactions, ITaskStore store, TimeProvider clock)
{
    private const string BehindSql = "SELECT organisation_id FROM organisation_versions WHERE rollups_revision <> revision ORDER BY organisation_id";

    private const string ForgetSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId";

    /// <summary>Fills all that are not filled, and says how many those were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var behind = await ReadBehindAsync(cancellationToken);
        foreach (var organisationId in behind)
        {
            await transactions.RunAsync((transaction, token) => RunAsync(transaction, organisationId, token), cancellationToken);
        }

        return behind.Count;
    }

    /// <summary>Fills one organisation's periods from its tasks, in a transaction that holds its lock.</summary>
    internal async Task FillAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var spaces = (await PeriodKeeping.ReadAsync(transaction, organisationId, cancellationToken)).CountingSpaces;
        await transaction.ExecuteAsync(ForgetSql, new { OrganisationId = organisationId }, cancellationToken);
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            await store.AddPeriodsAsync(transaction, organisationId, Change.Periods(day.Contents.SelectMany(task => Change.Of(null, task)), spaces), cancellationToken);
        }

        await PeriodKeeping.MarkKeptAsync(transaction, organisationId, cancellationToken);
    }

    private async Task<bool> RunAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        // It may have been erased since the list of them was read.
        if (!await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken))
        {
            return false;
        }

        await FillAsync(transaction, organisationId, cancellationToken);
        await transaction.CommitAsync();
        return true;
    }

    private async Task<IReadOnlyList<long>> ReadBehindAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(BehindSql, cancellationToken: cancellationToken))];
    }
}
