using Analytics.Application.Ingestion;
using Analytics.Application.Storage;
using Npgsql;

namespace Analytics.Infrastructure.Postgres;

/// <summary>
/// Writes to PostgreSQL: one statement for each table and batch, which takes the rows as arrays; COPY for new tasks.
/// </summary>
internal sealed class PostgresTaskStore(PostgresDataSource database) : ITaskStore, IDisposable
{
    public int BatchSize => TaskWriter.MaxBatchSize;

    public Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken) =>
        WriteTransaction.BeginAsync(database, cancellationToken);

    public void Dispose() => database.Dispose();

    public bool IsTransientConflict(DbException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.UniqueViolation;

    public bool IsCheckViolation(DbException exception) => exception.SqlState == PostgresErrorCodes.CheckViolation;

    public bool IsReadOnly(DbException exception) => PostgresErrors.IsReadOnly(exception);

    public async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Also on for a standby.
        return await connection.ExecuteScalarAsync<string>(
            new CommandDefinition("SHOW transaction_read_only", cancellationToken: cancellationToken)) == "on";
    }

    public void ClearPool() => database.Clear();

    public Task<IEnumerable<StoredTaskRow>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        transaction.QueryAsync<StoredTaskRow>(
            PostgresStatements.ReadStored, new { OrganisationId = organisationId, TaskIds = taskIds.ToArray() }, cancellationToken);

    public async Task UpsertTasksAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyCollection<StoredTask> inserted,
        IReadOnlyCollection<StoredTask> updated,
        CancellationToken cancellationToken)
    {
        if (updated.Count > 0)
        {
            await transaction.ExecuteAsync(PostgresStatements.UpdateTasks, Columns(organisationId, updated), cancellationToken);
        }

        if (inserted.Count > 0)
        {
            await CopyAsync((NpgsqlConnection)transaction.Connection, organisationId, inserted, cancellationToken);
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

        var columns = MeasureArrays(deltas.Values, new
        {
            OrganisationId = organisationId,
            SpaceIds = Column(deltas.Keys, key => key.SpaceId),
            ProductIds = Column(deltas.Keys, key => key.ProductId),
        });
        if (await transaction.ExecuteAsync(PostgresStatements.AddToTotals, columns, cancellationToken) < deltas.Count)
        {
            await transaction.ExecuteAsync(PostgresStatements.InsertTotals, columns, cancellationToken);
        }
    }

    public async Task AddRollupsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<RollupKey, Measures> deltas,
        CancellationToken cancellationToken)
    {
        var byKind = deltas.ToLookup(change => change.Value.HasNegative);
        foreach (var (isUpdate, rows) in new[] { (true, byKind[true].ToList()), (false, byKind[false].ToList()) })
        {
            if (rows.Count == 0)
            {
                continue;
            }

            var columns = Columns(organisationId, rows);
            var written = await transaction.ExecuteAsync(
                isUpdate ? PostgresStatements.UpdateRollups : PostgresStatements.UpsertRollups, columns, cancellationToken);
            if (written < rows.Count)
            {
                throw new RollupCorruptedException(organisationId);
            }

            if (rows.Exists(row => row.Value.TotalTasks < 0))
            {
                await transaction.ExecuteAsync(PostgresStatements.DeleteEmptyRollups, columns, cancellationToken);
            }
        }
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, long organisationId, IEnumerable<StoredTask> tasks, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(PostgresStatements.CopyTasks, cancellationToken);
        copy.Timeout = TimeSpan.FromSeconds(WriteTransaction.CommandTimeoutSeconds);
        foreach (var row in tasks.Select(StoredTaskRow.From))
        {
            await copy.WriteRowAsync(cancellationToken, [organisationId, .. row.GetValues()]);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static object Columns(long organisationId, IReadOnlyCollection<StoredTask> tasks)
    {
        var rows = tasks.Select(StoredTaskRow.From).ToList();
        return new
        {
            OrganisationId = organisationId,
            TaskIds = Column(rows, row => row.TaskId),
            UpdatedAts = Column(rows, row => row.UpdatedAt),
            SpaceIds = Column(rows, row => row.SpaceId),
            ProductIds = Column(rows, row => row.ProductId),
            RunIds = Column(rows, row => row.RunId),
            Agents = Column(rows, row => row.Agent),
            Directions = Column(rows, row => row.Direction),
            ExecutionTypes = Column(rows, row => row.ExecutionType),
            Statuses = Column(rows, row => row.Status),
            Labels = Column(rows, row => row.Label),
            Outcomes = Column(rows, row => row.Outcome),
            SuccessScores = Column(rows, row => row.SuccessScore),
            Durations = Column(rows, row => row.Duration),
            CreatedAts = Column(rows, row => row.CreatedAt),
            NormalizedExecutionTypes = Column(rows, row => row.NormalizedExecutionType),
            NormalizedStatuses = Column(rows, row => row.NormalizedStatus),
            NormalizedLabels = Column(rows, row => row.NormalizedLabel),
        };
    }

    private static DynamicParameters Columns(long organisationId, IReadOnlyCollection<KeyValuePair<RollupKey, Measures>> rows) =>
        MeasureArrays(rows.Select(row => row.Value), new
        {
            OrganisationId = organisationId,
            SpaceIds = Column(rows, row => row.Key.SpaceId),
            ProductIds = Column(rows, row => row.Key.ProductId),
            Granularities = Column(rows, row => (int)row.Key.Granularity),
            StartsAt = Column(rows, row => row.Key.Start.UnixMilliseconds),
            Members = Column(rows, row => row.Key.Member),
            Agents = Column(rows, row => row.Key.Agent),
            Directions = Column(rows, row => Directions.Name(row.Key.Direction)),
        });

    internal static DynamicParameters MeasureArrays(IEnumerable<Measures> rows, object keys)
    {
        var parameters = new DynamicParameters(keys);
        var values = rows.Select(row => row.Columns.Select(part => part.Value).ToArray()).ToList();
        foreach (var (column, name) in MeasureColumns.ParameterNames.Index())
        {
            parameters.Add(name, Column(values, row => row[column]));
        }

        return parameters;
    }

    private static TValue[] Column<TRow, TValue>(IEnumerable<TRow> rows, Func<TRow, TValue> value) => [.. rows.Select(value)];
}
