using System.Data.Common;
using Analytics.Application.Ingestion;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Dapper;

namespace Analytics.Application.Administration;

/// <summary>What an organisation consists of.</summary>
public sealed record OrganisationRowCounts
{
    /// <summary>Its spaces, whatever their status.</summary>
    public long Spaces { get; init; }

    /// <summary>Its members.</summary>
    public long Members { get; init; }

    /// <summary>Its tasks.</summary>
    public long Tasks { get; init; }

    /// <summary>What is remembered of tasks that were deleted.</summary>
    public long Tombstones { get; init; }
}

/// <summary>
/// Erases everything of an organisation, for good. It is archived first, so that nobody reads half of it; its tasks are purged
/// in batches, and what is left of them is erased in batches too, so that no transaction is long. Killed and run again it goes on.
/// </summary>
public sealed class EraseOrganisation(
    DbDataSource database, WriteTransactionRunner transactions, ITaskStore store, ManageOrganisations organisations, PurgeTasks purgeTasks, TimeProvider clock)
{
    private const string CountSql =
        """
        SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM spaces WHERE organisation_id = v.organisation_id) AS Spaces,
               (SELECT CAST(COUNT(*) AS BIGINT) FROM members WHERE organisation_id = v.organisation_id) AS Members,
               (SELECT CAST(COUNT(*) AS BIGINT) FROM tasks WHERE organisation_id = v.organisation_id AND created_at IS NOT NULL) AS Tasks,
               (SELECT CAST(COUNT(*) AS BIGINT) FROM tasks WHERE organisation_id = v.organisation_id AND created_at IS NULL) AS Tombstones
          FROM organisation_versions v
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string DeleteRangeSql = "DELETE FROM tasks WHERE organisation_id = @OrganisationId AND task_id > @After AND task_id <= @Last";

    private const string DeleteTasksSql = "DELETE FROM tasks WHERE organisation_id = @OrganisationId";

    private const string DeleteTotalsSql = "DELETE FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string DeleteRollupsSql = "DELETE FROM task_rollups WHERE organisation_id = @OrganisationId";

    private const string DeleteSpacesSql = "DELETE FROM spaces WHERE organisation_id = @OrganisationId";

    private const string DeleteMembersSql = "DELETE FROM members WHERE organisation_id = @OrganisationId";

    private const string DeleteVersionSql = "DELETE FROM organisation_versions WHERE organisation_id = @OrganisationId";

    private const string DeleteOrganisationSql = "DELETE FROM organisations WHERE id = @OrganisationId";

    /// <summary>What there is to erase.</summary>
    public async Task<OrganisationRowCounts> CountAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<OrganisationRowCounts>(
            new CommandDefinition(CountSql, new { OrganisationId = organisationId }, commandTimeout: WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken))
            ?? throw new OrganisationNotFoundException();
    }

    /// <summary>Erases it.</summary>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="cancellationToken">Ends it after a whole batch: the organisation is archived then, and what is left of it is whole.</param>
    public async Task RunAsync(long organisationId, CancellationToken cancellationToken)
    {
        await organisations.ArchiveAsync(organisationId, cancellationToken);
        await foreach (var _ in purgeTasks.RunAsync(organisationId, before: null, cancellationToken))
        {
        }

        for (var after = ""; after is not null;)
        {
            var next = after;
            after = await transactions.RunAsync((transaction, token) => DeleteTombstonesAsync(transaction, organisationId, next, token), cancellationToken);
        }

        while (await transactions.RunAsync((transaction, token) => DeleteRollupsAsync(transaction, organisationId, token), cancellationToken))
        {
        }

        await transactions.RunAsync((transaction, token) => DeleteRemainingAsync(transaction, organisationId, token), cancellationToken);
    }

    /// <summary>By ranges of ids: a server that keeps what was deleted for a while would otherwise step over all of it each time.</summary>
    private async Task<string?> DeleteTombstonesAsync(WriteTransaction transaction, long organisationId, string after, CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        if (await store.GetBatchUpperBoundAsync(transaction, organisationId, after, TaskWriter.MaxBatchSize, cancellationToken) is not { } last)
        {
            return null;
        }

        await transaction.ExecuteAsync(DeleteRangeSql, new { OrganisationId = organisationId, After = after, Last = last }, cancellationToken);
        await transaction.CommitAsync();
        return last;
    }

    private async Task<bool> DeleteRollupsAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        if (await store.DeleteRollupsAsync(transaction, organisationId, TaskWriter.MaxBatchSize, cancellationToken) == 0)
        {
            return false;
        }

        await transaction.CommitAsync();
        return true;
    }

    /// <summary>With the lock in hand also what was written since its batch was erased: whoever waits for it finds nothing to write to.</summary>
    private async Task<bool> DeleteRemainingAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        foreach (var sql in new[] { DeleteTasksSql, DeleteTotalsSql, DeleteRollupsSql, DeleteSpacesSql, DeleteMembersSql, DeleteVersionSql, DeleteOrganisationSql })
        {
            await transaction.ExecuteAsync(sql, new { OrganisationId = organisationId }, cancellationToken);
        }

        await transaction.CommitAsync();
        return true;
    }
}
