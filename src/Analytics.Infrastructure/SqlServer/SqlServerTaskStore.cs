using System.Data;
using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Microsoft.Data.SqlClient;
using Microsoft.Data.SqlClient.Server;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>Writes to SQL Server: two statements for each table, whatever the size of the batch, which is streamed as a table.</summary>
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

    internal static readonly TableType MeasureRows = new(
        "total_rows", [Number("space_id"), Text("product_id", 100), .. Measures.Zero.Parts.Select(part => Number(part.Name))]);

    internal static readonly TableType PeriodRows = new(
        "rollup_rows",
        [
            Number("space_id"), Text("product_id", 100), new("granularity", SqlDbType.Int), Number("starts_at"), Text("agent", 128), Text("direction", 20),
            .. Measures.Zero.Parts.Select(part => Number(part.Name)),
        ]);

    public Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken) => WriteTransaction.BeginAsync(database, cancellationToken);

    public void Dispose() => database.Dispose();

    public bool IsLostRace(DbException exception) => exception is SqlException { Number: Deadlock or UniqueConstraint or UniqueIndex };

    public bool IsLessThanNothing(DbException exception) => exception is SqlException { Number: CheckConstraint };

    public async Task<IReadOnlyDictionary<string, StoredTask>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken)
    {
        var ids = TaskIds.Sent(taskIds.Select(id => new object?[] { id }));
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
            // A table without a row cannot be sent.
            if (tasks.Count > 0)
            {
                await transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, Tasks = TaskRows.Sent(tasks.Select(Values)) }, cancellationToken);
            }
        }
    }

    public async Task AddTotalsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<RollupKey, Measures> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var parameters = new { OrganisationId = organisationId, Added = MeasureRows.Sent(changes.Select(Values)) };
        if (await transaction.ExecuteAsync(SqlServerStatements.AddToTotals, parameters, cancellationToken) < changes.Count)
        {
            await transaction.ExecuteAsync(SqlServerStatements.InsertTotals, parameters, cancellationToken);
        }
    }

    public async Task AddPeriodsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<PeriodKey, Measures> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var written = await ExecuteAsync(SqlServerStatements.AddToPeriods, changes);
        var given = changes.Where(change => !change.Value.TakesAway).ToList();
        if (written < changes.Count && given.Count > 0)
        {
            written += await ExecuteAsync(SqlServerStatements.InsertPeriods, given);
        }

        if (written < changes.Count)
        {
            throw new DamagedNumbersException(organisationId);
        }

        Task<int> ExecuteAsync(string sql, IEnumerable<KeyValuePair<PeriodKey, Measures>> periods) =>
            transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, AddedRollups = PeriodRows.Sent(periods.Select(Values)) }, cancellationToken);
    }

    public async Task<string?> LastOfNextTasksAsync(WriteTransaction transaction, long organisationId, string after, long most, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync<string?>(SqlServerStatements.LastOfNextTasks, new { OrganisationId = organisationId, After = after, BatchSize = most }, cancellationToken)).Single();

    public Task<int> ErasePeriodsAsync(WriteTransaction transaction, long organisationId, long most, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(SqlServerStatements.ErasePeriods, new { OrganisationId = organisationId, BatchSize = most }, cancellationToken);

    private static object?[] Values(StoredTask task)
    {
        var row = StoredTaskRow.Of(task);
        return
        [
            row.TaskId, row.UpdatedAt, row.SpaceId, row.ProductId, row.RunId, row.Agent, row.Direction,
            row.ExecutionType, row.Status, row.Label, row.Outcome, row.SuccessScore, row.Duration, row.CreatedAt,
        ];
    }

    private static object?[] Values(KeyValuePair<RollupKey, Measures> change) =>
        [change.Key.SpaceId, change.Key.ProductId, .. change.Value.Parts.Select(part => (object)part.Value)];

    private static object?[] Values(KeyValuePair<PeriodKey, Measures> change) =>
    [
        change.Key.SpaceId, change.Key.ProductId, (int)change.Key.Grain, change.Key.Start.UnixMilliseconds, change.Key.Agent,
        Directions.Name(change.Key.Direction), .. change.Value.Parts.Select(part => (object)part.Value),
    ];

    private static SqlMetaData Text(string name, int length) => new(name, SqlDbType.NVarChar, length);

    private static SqlMetaData Number(string name) => new(name, SqlDbType.BigInt);
}
