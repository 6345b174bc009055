using System.Data;
using Analytics.Application.Ingestion;
using Analytics.Application.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.Data.SqlClient.Server;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>
/// Writes to SQL Server: two statements for each table and batch, which take the rows as a table-valued parameter.
/// </summary>
internal sealed class SqlServerTaskStore(SqlServerDatabase database) : ITaskStore, IDisposable
{
    private const int Deadlock = 1205;
    private const int CheckConstraint = 547;
    private const int UniqueConstraint = 2627;
    private const int UniqueIndex = 2601;

    private const string SelectIsReadOnly =
        "SELECT CASE WHEN CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(20)) = N'READ_ONLY' THEN 1 ELSE 0 END";

    internal static readonly TableType TaskIds = new("task_ids", [Text("task_id", 128)]);

    internal static readonly TableType TaskRows = new(
        "task_rows",
        [
            Text("task_id", 128), Number("updated_at"), Number("space_id"), Text("product_id", 100), Text("run_id", 128),
            Text("agent", 128),
            Text("direction", 20), Text("execution_type", 100), Text("status", 100), Text("label", 100), Text("outcome", 20),
            new("success_score", SqlDbType.Int), Number("duration"), Number("created_at"),
            Text("normalized_execution_type", 100), Text("normalized_status", 100), Text("normalized_label", 100),
        ]);

    private static readonly SqlMetaData[] MeasureNumbers = [.. Measures.Zero.Columns.Select(column => Number(column.Name))];

    internal static readonly TableType TotalRows = new("total_rows", [Number("space_id"), Text("product_id", 100), .. MeasureNumbers]);

    internal static readonly TableType RollupRows = new(
        "rollup_rows",
        [
            Number("space_id"), Text("product_id", 100), new("granularity", SqlDbType.Int), Number("starts_at"), Text("member", 128),
            Text("agent", 128), Text("direction", 20), .. MeasureNumbers,
        ]);

    public int BatchSize => TaskWriter.MaxBatchSize;

    public async Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = await WriteTransaction.BeginAsync(database, cancellationToken);
        try
        {
            await transaction.ExecuteAsync(SqlServerStatements.CountRows, new { }, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => database.Dispose();

    public bool IsTransientConflict(DbException exception) =>
        exception is SqlException { Number: Deadlock or UniqueConstraint or UniqueIndex };

    public bool IsCheckViolation(DbException exception) => exception is SqlException { Number: CheckConstraint };

    public bool IsReadOnly(DbException exception) => exception is SqlException error && SqlServerErrors.IsReadOnly(error);

    public async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(SelectIsReadOnly, cancellationToken: cancellationToken));
    }

    public void ClearPool() => database.ClearPool();

    public Task<IEnumerable<StoredTaskRow>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken)
    {
        var ids = TaskIds.ToParameter(taskIds.Select(id => new object?[] { id }));
        var parameters = new { OrganisationId = organisationId, TaskIds = ids };
        return transaction.QueryAsync<StoredTaskRow>(SqlServerStatements.ReadStored, parameters, cancellationToken);
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
                var rows = TaskRows.ToParameter(tasks.Select(task => StoredTaskRow.From(task).GetValues()));
                await transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, Tasks = rows }, cancellationToken);
            }
        }
    }

    public async Task AddTotalsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<TotalsKey, Measures> deltas,
        CancellationToken cancellationToken)
    {
        if (deltas.Count == 0)
        {
            return;
        }

        var rows = TotalRows.ToParameter(deltas.Select(delta => RowValues.Of(delta.Key, delta.Value)));
        var parameters = new { OrganisationId = organisationId, Added = rows };
        if (await transaction.ExecuteAsync(SqlServerStatements.AddToTotals, parameters, cancellationToken) < deltas.Count)
        {
            await transaction.ExecuteAsync(SqlServerStatements.InsertTotals, parameters, cancellationToken);
        }
    }

    public async Task AddRollupsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<RollupKey, Measures> deltas,
        CancellationToken cancellationToken)
    {
        if (deltas.Count == 0)
        {
            return;
        }

        var written = await ExecuteAsync(SqlServerStatements.AddToRollups, deltas);
        var insertable = deltas.Where(delta => !delta.Value.HasNegative).ToList();
        if (written < deltas.Count && insertable.Count > 0)
        {
            written += await ExecuteAsync(SqlServerStatements.InsertRollups, insertable);
        }

        if (written < deltas.Count)
        {
            throw new RollupCorruptedException(organisationId);
        }

        var reduced = deltas.Where(delta => delta.Value.TotalTasks < 0).ToList();
        if (reduced.Count > 0)
        {
            await ExecuteAsync(SqlServerStatements.DeleteEmptyRollups, reduced);
        }

        Task<int> ExecuteAsync(string sql, IEnumerable<KeyValuePair<RollupKey, Measures>> added)
        {
            var rows = RollupRows.ToParameter(added.Select(delta => RowValues.Of(delta.Key, delta.Value)));
            return transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, AddedRollups = rows }, cancellationToken);
        }
    }

    private static SqlMetaData Text(string name, int length) => new(name, SqlDbType.NVarChar, length);

    private static SqlMetaData Number(string name) => new(name, SqlDbType.BigInt);
}
