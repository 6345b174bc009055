using Analytics.Application.Storage;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Npgsql;

namespace Analytics.Bench.Engines;

internal sealed class PostgresEngine(string server) : IEngine
{
    private const int CommandTimeoutSeconds = 600;

    // The server's max_connections is 100 by default.
    private const int ConnectionsPerService = 12;

    private const string InsertPlain =
        """
        INSERT INTO plain_tasks (
               organisation_id, task_id, updated_at, space_id, product_id, run_id, agent, direction,
               execution_type, status, label, outcome, success_score, duration, created_at,
               normalized_execution_type, normalized_status, normalized_label)
        SELECT @OrganisationId, t.*
          FROM unnest(
               @TaskIds, @UpdatedAts, @SpaceIds, @ProductIds, @RunIds, @Agents, @Directions,
               @ExecutionTypes, @Statuses, @Labels, @Outcomes, @SuccessScores, @Durations, @CreatedAts,
               @NormalizedExecutionTypes, @NormalizedStatuses, @NormalizedLabels) t
        """;

    public DatabaseEngine Kind => DatabaseEngine.Postgres;

    public double? MinShareWithCache => 0.48;

    public double MinShareWithAccessLog => 0.44;

    public double? MinShareWithoutCache => null;

    public string AfterLoadSql => "VACUUM (ANALYZE)";

    public string CreatePlainTasks =>
        """
        CREATE TABLE plain_tasks (
            organisation_id bigint NOT NULL,
            task_id         text   COLLATE "C" NOT NULL,
            updated_at      bigint NOT NULL,
            space_id        bigint,
            product_id      text   COLLATE "C",
            run_id          text   COLLATE "C",
            agent           text   COLLATE "C",
            direction       text   COLLATE "C",
            execution_type  text   COLLATE "C",
            status          text   COLLATE "C",
            label           text   COLLATE "C",
            outcome         text   COLLATE "C",
            success_score   integer,
            duration        bigint,
            created_at      bigint,
            normalized_execution_type text COLLATE "C",
            normalized_status         text COLLATE "C",
            normalized_label          text COLLATE "C",
            PRIMARY KEY (organisation_id, task_id)
        )
        """;

    public async Task<NewDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"analytics_bench_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0", cancellationToken);
        var builder = new NpgsqlConnectionStringBuilder(server) { Database = name };
        return new NewDatabase(new DatabaseSettings(Kind, builder.ConnectionString),
            () => ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None));
    }

    public DatabaseSettings LimitConnections(DatabaseSettings database) =>
        database with { ConnectionString =
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = ConnectionsPerService }.ConnectionString };

    public PlainInsert PlainInsert(long organisationId, IReadOnlyList<StoredTaskRow> rows)
    {
        var columns = new
        {
            OrganisationId = organisationId,
            TaskIds = rows.Select(row => row.TaskId).ToArray(),
            UpdatedAts = rows.Select(row => row.UpdatedAt).ToArray(),
            SpaceIds = rows.Select(row => row.SpaceId).ToArray(),
            ProductIds = rows.Select(row => row.ProductId).ToArray(),
            RunIds = rows.Select(row => row.RunId).ToArray(),
            Agents = rows.Select(row => row.Agent).ToArray(),
            Directions = rows.Select(row => row.Direction).ToArray(),
            ExecutionTypes = rows.Select(row => row.ExecutionType).ToArray(),
            Statuses = rows.Select(row => row.Status).ToArray(),
            Labels = rows.Select(row => row.Label).ToArray(),
            Outcomes = rows.Select(row => row.Outcome).ToArray(),
            SuccessScores = rows.Select(row => row.SuccessScore).ToArray(),
            Durations = rows.Select(row => row.Duration).ToArray(),
            CreatedAts = rows.Select(row => row.CreatedAt).ToArray(),
            NormalizedExecutionTypes = rows.Select(row => row.NormalizedExecutionType).ToArray(),
            NormalizedStatuses = rows.Select(row => row.NormalizedStatus).ToArray(),
            NormalizedLabels = rows.Select(row => row.NormalizedLabel).ToArray(),
        };
        return (transaction, cancellationToken) => transaction.ExecuteAsync(InsertPlain, columns, cancellationToken);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection =
            new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.ExecuteAsync(
            new CommandDefinition(sql, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellationToken));
    }
}
