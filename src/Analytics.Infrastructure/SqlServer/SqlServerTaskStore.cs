using System.Data;
using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Microsoft.Data.SqlClient;
using Microsoft.Data.SqlClient.Server;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// Writes to SQL Server: two statements for each table and batch, which take the rows as a table-valued parameter.
/// </summary>
internal sealed class SqlServerTaskStore(DbDataSource database) : ITaskStore, IDisposable
{
    private const int Deadlock = 1205;
    private const int CheckConstraint = 547;
    private const int UniqueConstraint = 2627;
    private const int UniqueIndex = 2601;

    internal static readonly TableType TaskIds = new("task_ids", [Text("task_id", 128)]);

    internal static readonly TableType TaskRows = new(
        "task_rows",
        [
            Text("task_id", 128), Number("updated_at"), Number("space_id"), Text("product_id", 100), Text("run_id", 128), Text("agent", 128),
            Text("direction", 20), Text("execution_type", 100), Text("status", 100), Text("label", 100), Text("outcome", 20),
            new("success_score", SqlDbType.Int), Number("duration"), Number("created_at"),
        ]);

    internal static readonly TableType TotalRows = new(
        "total_rows", [Number("space_id"), Text("product_id", 100), .. Measures.Zero.Columns.Select(part => Number(part.Name))]);

    internal static readonly TableType RollupRows = new(
        "rollup_rows",
        [
            Number("space_id"), Text("product_id", 100), new("granularity", SqlDbType.Int), Number("starts_at"), Text("agent", 128), Text("direction", 20),
            .. Measures.Zero.Columns.Select(part => Number(part.Name)),
        ]);

    public Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken) => WriteTransaction.BeginAsync(database, cancellationToken);

    public void Dispose() => database.Dispose();

    public bool IsTransientConflict(DbException exception) => exception is SqlException { Number: Deadlock or UniqueConstraint or UniqueIndex };

    public bool IsCheckViolation(DbException exception) => exception is SqlException { Number: CheckConstraint };

    public async Task<IReadOnlyDictionary<string, StoredTask>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken)
    {
        var ids = TaskIds.ToParameter(taskIds.Select(id => new object?[] { id }));
        var rows = await transaction.QueryAsync<StoredTaskRow>(
            SqlServerStatements.ReadStored, new { OrganisationId = organisationId, TaskIds = ids }, cancellationToken);
        return rows.Select(row => row.ToTask()).ToDictionary(task => task.TaskId, StringComparer.Ordinal);
    }

    public async Task UpsertTasksAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyCollection<StoredTask> inserted,
        IReadOnlyCollection<StoredTask> updated,
        CancellationToken cancellationToken)
    {
        foreach (var (tasks, sql) in new[] { (updated, SqlServerStatements.UpdateTasks), (inserted, SqlServerStatements.InsertTasks) })
        {
            // SqlClient cannot send a table without rows.
            if (tasks.Count > 0)
            {
                await transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, Tasks = TaskRows.ToParameter(tasks.Select(Values)) }, cancellationToken);
            }
        }
    }

    public async Task AddTotalsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<TotalsKey, Measures> deltas, CancellationToken cancellationToken)
    {
        if (deltas.Count == 0)
        {
            return;
        }

        var parameters = new { OrganisationId = organisationId, Added = TotalRows.ToParameter(deltas.Select(Values)) };
        if (await transaction.ExecuteAsync(SqlServerStatements.AddToTotals, parameters, cancellationToken) < deltas.Count)
        {
            await transaction.ExecuteAsync(SqlServerStatements.InsertTotals, parameters, cancellationToken);
        }
    }

    public async Task AddRollupsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<RollupKey, Measures> deltas, CancellationToken cancellationToken)
    {
        if (deltas.Count == 0)
        {
            return;
        }

        var written = await ExecuteAsync(SqlServerStatements.AddToRollups, deltas);
        var given = deltas.Where(change => !change.Value.HasNegative).ToList();
        if (written < deltas.Count && given.Count > 0)
        {
            written += await ExecuteAsync(SqlServerStatements.InsertRollups, given);
        }

        if (written < deltas.Count)
        {
            throw new RollupCorruptedException(organisationId);
        }

        Task<int> ExecuteAsync(string sql, IEnumerable<KeyValuePair<RollupKey, Measures>> periods) =>
            transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, AddedRollups = RollupRows.ToParameter(periods.Select(Values)) }, cancellationToken);
    }

    public async Task<string?> GetBatchUpperBoundAsync(WriteTransaction transaction, long organisationId, string after, long batchSize, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync<string?>(SqlServerStatements.GetBatchUpperBound, new { OrganisationId = organisationId, After = after, BatchSize = batchSize }, cancellationToken)).Single();

    public Task<int> DeleteRollupsAsync(WriteTransaction transaction, long organisationId, long batchSize, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(SqlServerStatements.DeleteRollups, new { OrganisationId = organisationId, BatchSize = batchSize }, cancellationToken);

    private static object?[] Values(StoredTask task)
    {
        var row = StoredTaskRow.From(task);
        return
        [
            row.TaskId, row.UpdatedAt, row.SpaceId, row.ProductId, row.RunId, row.Agent, row.Direction,
            row.ExecutionType, row.Status, row.Label, row.Outcome, row.SuccessScore, row.Duration, row.CreatedAt,
        ];
    }

    private static object?[] Values(KeyValuePair<TotalsKey, Measures> change) =>
        [change.Key.SpaceId, change.Key.ProductId, .. change.Value.Columns.Select(part => (object)part.Value)];

    private static object?[] Values(KeyValuePair<RollupKey, Measures> change) =>
    [
        change.Key.SpaceId, change.Key.ProductId, (int)change.Key.Granularity, change.Key.Start.UnixMilliseconds, change.Key.Agent,
        Directions.Name(change.Key.Direction), .. change.Value.Columns.Select(part => (object)part.Value),
    ];

    private static SqlMetaData Text(string name, int length) => new(name, SqlDbType.NVarChar, length);

    private static SqlMetaData Number(string name) => new(name, SqlDbType.BigInt);
}
