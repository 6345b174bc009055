using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Bench.Engines;

internal sealed class SqliteEngine : IEngine
{
    private const string InsertPlain =
        """
        INSERT INTO plain_tasks (
               organisation_id, task_id, updated_at, space_id, product_id, run_id, agent, direction,
               execution_type, status, label, outcome, success_score, duration, created_at,
               normalized_execution_type, normalized_status, normalized_label)
        VALUES (@OrganisationId, @TaskId, @UpdatedAt, @SpaceId, @ProductId, @RunId, @Agent, @Direction,
                @ExecutionType, @Status, @Label, @Outcome, @SuccessScore, @Duration, @CreatedAt,
                @NormalizedExecutionType, @NormalizedStatus, @NormalizedLabel)
        """;

    private static readonly string[] Columns =
    [
        "@OrganisationId", "@TaskId", "@UpdatedAt", "@SpaceId", "@ProductId", "@RunId", "@Agent", "@Direction",
        "@ExecutionType", "@Status", "@Label", "@Outcome", "@SuccessScore", "@Duration", "@CreatedAt",
        "@NormalizedExecutionType", "@NormalizedStatus", "@NormalizedLabel",
    ];

    public DatabaseEngine Kind => DatabaseEngine.Sqlite;

    public double? MinShareWithCache => 0.60;

    public double MinShareWithAccessLog => 0.55;

    public double? MinShareWithoutCache => 0.15;

    public string AfterLoadSql => "PRAGMA wal_checkpoint(TRUNCATE)";

    public string CreatePlainTasks =>
        """
        CREATE TABLE plain_tasks (
            organisation_id INTEGER NOT NULL,
            task_id         TEXT    NOT NULL,
            updated_at      INTEGER NOT NULL,
            space_id        INTEGER,
            product_id      TEXT,
            run_id          TEXT,
            agent           TEXT,
            direction       TEXT,
            execution_type  TEXT,
            status          TEXT,
            label           TEXT,
            outcome         TEXT,
            success_score   INTEGER,
            duration        INTEGER,
            created_at      INTEGER,
            normalized_execution_type TEXT,
            normalized_status         TEXT,
            normalized_label          TEXT,
            PRIMARY KEY (organisation_id, task_id)
        ) STRICT
        """;

    public Task<NewDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("analytics-bench-");
        var settings = new DatabaseSettings(Kind, $"Data Source={Path.Combine(folder.FullName, "analytics.db")}");
        return Task.FromResult(new NewDatabase(settings, () =>
        {
            folder.Delete(recursive: true);
            return Task.CompletedTask;
        }));
    }

    public DatabaseSettings LimitConnections(DatabaseSettings database) => database;

    public PlainInsert PlainInsert(long organisationId, IReadOnlyList<StoredTaskRow> rows)
    {
        var values = rows.Select(row => ValuesOf(organisationId, row)).ToList();
        return (transaction, cancellationToken) =>
        {
            using var command = Prepared(transaction);
            foreach (var row in values)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < row.Length; i++)
                {
                    command.Parameters[i].Value = row[i];
                }

                command.ExecuteNonQuery();
            }

            return Task.CompletedTask;
        };
    }

    private static DbCommand Prepared(WriteTransaction transaction)
    {
        var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Transaction;
        command.CommandText = InsertPlain;
        foreach (var column in Columns)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = column;
            command.Parameters.Add(parameter);
        }

        command.Prepare();
        return command;
    }

    private static object[] ValuesOf(long organisationId, StoredTaskRow row)
    {
        object?[] values = [organisationId, .. row.GetValues()];
        return [.. values.Select(value => value ?? DBNull.Value)];
    }
}
