using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Administration;

public sealed record OrganisationRowCounts
{
    public long Spaces { get; init; }
    public long Members { get; init; }
    public long Tasks { get; init; }
    public long Tombstones { get; init; }
}

/// <summary>
/// Permanently deletes an organisation. It is archived first, so that no client reads partial data. Tasks, tombstones, members,
/// spaces and rollups are deleted in batches, so that no transaction is long. An interrupted run can be started again.
/// </summary>
public sealed class EraseOrganisation(
    DbDataSource database,
    WriteTransactionRunner transactions,
    ITaskStore store,
    SqlDialect dialect,
    ManageOrganisations organisations,
    PurgeTasks purgeTasks,
    TimeProvider clock)
{
    private const string CountSql =
        $"""
        SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM spaces WHERE organisation_id = @OrganisationId) AS Spaces,
               (SELECT CAST(COUNT(*) AS BIGINT) FROM members WHERE organisation_id = @OrganisationId) AS Members,
               (SELECT {RowCount.AsBigInt} FROM tasks WHERE organisation_id = @OrganisationId AND created_at IS NOT NULL) AS Tasks,
               (SELECT {RowCount.AsBigInt} FROM tasks WHERE organisation_id = @OrganisationId AND created_at IS NULL) AS Tombstones
          FROM organisation_versions v
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string LastTaskWithLimit =
        """
        SELECT MAX(n.task_id)
          FROM (SELECT task_id
                  FROM tasks
                 WHERE organisation_id = @OrganisationId AND task_id > @After
                 ORDER BY task_id
                 LIMIT @BatchSize) n
        """;

    private const string LastTaskWithTop =
        $"""
        SELECT MAX(n.task_id)
          FROM (SELECT TOP (@BatchSize) task_id
                  FROM tasks{IndexHints.TasksByKey}
                 WHERE organisation_id = @OrganisationId AND task_id > @After
                 ORDER BY task_id) n
        """;

    private const string DeleteTasksSql =
        "DELETE FROM tasks WHERE organisation_id = @OrganisationId AND task_id > @After AND task_id <= @Last";

    private const string LastMemberWithLimit =
        """
        SELECT MAX(n.user_id)
          FROM (SELECT user_id
                  FROM members
                 WHERE organisation_id = @OrganisationId AND user_id > @After
                 ORDER BY user_id
                 LIMIT @BatchSize) n
        """;

    private const string LastMemberWithTop =
        """
        SELECT MAX(n.user_id)
          FROM (SELECT TOP (@BatchSize) user_id
                  FROM members
                 WHERE organisation_id = @OrganisationId AND user_id > @After
                 ORDER BY user_id) n
        """;

    private const string DeleteMembersSql =
        "DELETE FROM members WHERE organisation_id = @OrganisationId AND user_id > @After AND user_id <= @Last";

    private const string LastSpaceWithLimit =
        """
        SELECT MAX(n.token)
          FROM (SELECT token
                  FROM spaces
                 WHERE organisation_id = @OrganisationId AND token > @After
                 ORDER BY token
                 LIMIT @BatchSize) n
        """;

    private const string LastSpaceWithTop =
        """
        SELECT MAX(n.token)
          FROM (SELECT TOP (@BatchSize) token
                  FROM spaces
                 WHERE organisation_id = @OrganisationId AND token > @After
                 ORDER BY token) n
        """;

    private const string DeleteSpacesSql =
        "DELETE FROM spaces WHERE organisation_id = @OrganisationId AND token > @After AND token <= @Last";

    private static readonly KeyedDeletion Tombstones = new(LastTaskWithLimit, LastTaskWithTop, DeleteTasksSql);

    private static readonly KeyedDeletion Members = new(LastMemberWithLimit, LastMemberWithTop, DeleteMembersSql);

    private static readonly KeyedDeletion Spaces = new(LastSpaceWithLimit, LastSpaceWithTop, DeleteSpacesSql);

    private static readonly string[] DeleteRemainingSql =
    [
        "DELETE FROM tasks WHERE organisation_id = @OrganisationId",
        "DELETE FROM task_totals WHERE organisation_id = @OrganisationId",
        RollupDeletion.DeleteRemainingSql,
        "DELETE FROM spaces WHERE organisation_id = @OrganisationId",
        "DELETE FROM members WHERE organisation_id = @OrganisationId",
        "DELETE FROM organisation_versions WHERE organisation_id = @OrganisationId",
        "DELETE FROM organisations WHERE id = @OrganisationId",
    ];

    public async Task<OrganisationRowCounts> CountAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<OrganisationRowCounts>(
            new CommandDefinition(
                CountSql,
                new { OrganisationId = organisationId },
                commandTimeout: WriteTransaction.CommandTimeoutSeconds,
                cancellationToken: cancellationToken))
            ?? throw new OrganisationNotFoundException();
    }

    public async Task RunAsync(long organisationId, CancellationToken cancellationToken)
    {
        await organisations.ArchiveAsync(organisationId, cancellationToken);
        await foreach (var _ in purgeTasks.RunAsync(organisationId, before: null, cancellationToken))
        {
        }

        foreach (var deletion in new[] { Tombstones, Members, Spaces })
        {
            for (var after = ""; after is not null;)
            {
                var next = after;
                after = await RunWithNewVersionAsync(
                    (transaction, token) => DeleteBatchAsync(transaction, deletion, organisationId, next, token));
            }
        }

        while (await RunWithNewVersionAsync((transaction, token) => DeleteRollupsAsync(transaction, organisationId, token)))
        {
        }

        await RunWithNewVersionAsync((transaction, token) => DeleteRemainingAsync(transaction, organisationId, token));

        Task<T> RunWithNewVersionAsync<T>(Func<WriteTransaction, CancellationToken, Task<T>> write) =>
            transactions.RunWithNewVersionAsync(organisationId, clock, write, cancellationToken);
    }

    // By ranges of ids: PostgreSQL would otherwise scan the dead rows of all earlier batches again each time.
    private async Task<string?> DeleteBatchAsync(
        WriteTransaction transaction, KeyedDeletion deletion, long organisationId, string after, CancellationToken cancellationToken)
    {
        var sql = dialect switch { SqlDialect.Common => deletion.LastWithLimit, SqlDialect.TSql => deletion.LastWithTop };
        var batch = new { OrganisationId = organisationId, After = after, BatchSize = (long)store.BatchSize };
        if ((await transaction.QueryAsync<string?>(sql, batch, cancellationToken)).Single() is not { } last)
        {
            return null;
        }

        await transaction.ExecuteAsync(
            deletion.Delete, new { OrganisationId = organisationId, After = after, Last = last }, cancellationToken);
        await transaction.CommitAsync();
        return last;
    }

    private async Task<bool> DeleteRollupsAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        if (await RollupDeletion.DeleteBatchAsync(transaction, organisationId, dialect, store.BatchSize, cancellationToken) == 0)
        {
            return false;
        }

        await transaction.CommitAsync();
        return true;
    }

    // Also deletes what other writers committed between the batches. A writer that waits for this lock then finds no organisation.
    private static async Task<bool> DeleteRemainingAsync(
        WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        foreach (var sql in DeleteRemainingSql)
        {
            await transaction.ExecuteAsync(sql, new { OrganisationId = organisationId }, cancellationToken);
        }

        await transaction.CommitAsync();
        return true;
    }

    /// <summary>The last key of the next batch in each dialect, and the deletion of the keys up to it.</summary>
    private sealed record KeyedDeletion(string LastWithLimit, string LastWithTop, string Delete);
}
