using System.Text.Json;
using Analytics.Application.Observability;
using Analytics.Application.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// Writes to SQLite, which allows one writer at a time. Within the process writers queue without holding a thread;
/// across processes they queue for a file lock, and SQLite's busy_timeout makes the one that holds it wait.
/// </summary>
internal sealed class SqliteTaskStore(DbDataSource database) : ITaskStore, IDisposable
{
    /// <summary>
    /// synchronous: WAL does not sync at each commit by default. cache_size: bulk writes do not read the key index
    /// again. wal_autocheckpoint: with 32 MB instead of 4, pushes that update the same pages write a quarter less.
    /// </summary>
    private const string WriterPragmas =
        "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000;";

    private readonly SemaphoreSlim _writers = new(1, 1);
    private readonly string _file = SqliteDatabase.GetFile(database.ConnectionString);
    private readonly bool _isReadOnly = SqliteDatabase.IsReadOnly(database.ConnectionString);

    // About a tenth of a second: SQLite has one writer.
    public int BatchSize => 500;

    public async Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        if (_isReadOnly)
        {
            throw new SqliteException("The connection string has Mode=ReadOnly.", raw.SQLITE_READONLY);
        }

        using (AnalyticsMetrics.TrackQueued("sqlite_writer"))
        {
            await _writers.WaitAsync(cancellationToken);
        }

        var time = CommandTimer.Start();
        SqliteConnection? connection = null;
        try
        {
            using var nextWriter = await SqliteNextWriterLock.AcquireAsync(_file, cancellationToken);
            connection = await OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(WriterPragmas, cancellationToken: cancellationToken));

            // IMMEDIATE: SQLite cannot make a transaction wait that reads first and writes later; it would fail with
            // SQLITE_BUSY.
            return new WriteTransaction(connection, connection.BeginTransaction(deferred: false), new WriterLease(_writers, time));
        }
        catch
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            _writers.Release();
            throw;
        }
    }

    /// <summary>Never: SQLite's writers queue before they begin.</summary>
    public bool IsTransientConflict(DbException exception) => false;

    public bool IsCheckViolation(DbException exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_CHECK };

    /// <summary>A connection stays read-only that was opened while the file was.</summary>
    public bool IsReadOnly(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_READONLY };

    public async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return raw.sqlite3_db_readonly(connection.Handle!, "main") == 1;
    }

    public void ClearPool()
    {
        using var connection = (SqliteConnection)database.CreateConnection();
        SqliteConnection.ClearPool(connection);
    }

    public Task<IEnumerable<StoredTaskRow>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        transaction.QueryAsync<StoredTaskRow>(
            SqliteStatements.ReadStored,
            new { OrganisationId = organisationId, TaskIds = JsonSerializer.Serialize(taskIds) },
            cancellationToken);

    public Task UpsertTasksAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyCollection<StoredTask> inserted,
        IReadOnlyCollection<StoredTask> updated,
        CancellationToken cancellationToken)
    {
        using var upsert = new SqliteBatchStatement(transaction, SqliteStatements.UpsertTask, SqliteStatements.UpsertTaskParameters);
        foreach (var task in inserted.Concat(updated))
        {
            cancellationToken.ThrowIfCancellationRequested();
            upsert.Execute([organisationId, .. StoredTaskRow.From(task).GetValues()]);
        }

        return Task.CompletedTask;
    }

    public async Task AddTotalsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<TotalsKey, Measures> deltas,
        CancellationToken cancellationToken)
    {
        foreach (var (key, added) in deltas)
        {
            var row = new DynamicParameters(added);
            row.AddDynamicParams(new { OrganisationId = organisationId, key.SpaceId, key.ProductId });
            if (await transaction.ExecuteAsync(SqliteStatements.AddToTotals, row, cancellationToken) == 0)
            {
                await transaction.ExecuteAsync(SqliteStatements.InsertTotals, row, cancellationToken);
            }
        }
    }

    public Task AddRollupsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<RollupKey, Measures> deltas,
        CancellationToken cancellationToken)
    {
        using var upsert = new SqliteBatchStatement(transaction, SqliteStatements.UpsertRollup, SqliteStatements.RollupParameters);
        using var update = new SqliteBatchStatement(transaction, SqliteStatements.UpdateRollup, SqliteStatements.RollupParameters);
        using var deleteEmpty = new SqliteBatchStatement(
            transaction, SqliteStatements.DeleteEmptyRollup, SqliteStatements.RollupKeyParameters);
        foreach (var (key, added) in deltas)
        {
            cancellationToken.ThrowIfCancellationRequested();
            object?[] row = [organisationId, .. RowValues.Of(key, added)];
            if (!added.HasNegative)
            {
                upsert.Execute(row);
                continue;
            }

            if (update.Execute(row) == 0)
            {
                throw new RollupCorruptedException(organisationId);
            }

            if (added.TotalTasks < 0)
            {
                deleteEmpty.Execute(row.AsSpan(0, SqliteStatements.RollupKeyParameters.Length));
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _writers.Dispose();

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = (SqliteConnection)database.CreateConnection();
            await connection.OpenAsync(cancellationToken);
            if (!SqliteFunctions.IsFileReplaced(connection))
            {
                return connection;
            }

            // One of the driver's pool, which then has no connections to the new file.
            SqliteConnection.ClearPool(connection);
            await connection.DisposeAsync();
        }
    }

    private sealed class WriterLease(SemaphoreSlim writers, CommandTimer time) : IDisposable
    {
        public void Dispose()
        {
            time.EndTransaction();
            writers.Release();
        }
    }
}
