using Analytics.Infrastructure.Postgres;
using EvolveDb.Dialect;

namespace Analytics.Infrastructure.Migrations;

internal sealed class PostgresMigrations(DatabaseSettings database) : EngineMigrations
{
    // Any number that nothing else in the database locks.
    private const long MigrationLockKey = 7_239_114_508_211_903;

    // An interrupted CREATE INDEX CONCURRENTLY leaves an invalid index, whose name the next attempt needs.
    private const string InvalidIndexesSql =
        """
        SELECT format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname)
          FROM pg_index i
          JOIN pg_class c ON c.oid = i.indexrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE NOT i.indisvalid AND n.nspname = current_schema()
        """;

    private static readonly TimeSpan LockRetryInterval = TimeSpan.FromMilliseconds(100);

    public override DBMS Dialect => DBMS.PostgreSQL;

    // Unqualified statements use current_schema(); Evolve would assume public.
    public override IEnumerable<string> Schemas(DbConnection connection) =>
        connection.ExecuteScalar<string?>("SELECT current_schema()") is { } schema
            ? [schema]
            : throw new ConfigurationException(
                $"{SettingKeys.ConnectionString} leads to no schema: its user needs one of its Search Path, by default \"public\", that exists and that it may use.");

    // Evolve's lock does not cover the invalid indexes, which could be those that another process is building. Not pg_advisory_lock:
    // CREATE INDEX CONCURRENTLY would wait for that statement's snapshot.
    public override async Task<IAsyncDisposable?> AcquireMigrationLockAsync(CancellationToken cancellationToken)
    {
        var connection = OpenOrThrow(CreateConnection());
        while (!await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT pg_try_advisory_lock(@MigrationLockKey)", new { MigrationLockKey }, cancellationToken: cancellationToken)))
        {
            await Task.Delay(LockRetryInterval, cancellationToken);
        }

        return connection;
    }

    public override DbConnection OpenToMigrate()
    {
        var connection = base.OpenToMigrate();
        foreach (var dropSql in connection.Query<string>(InvalidIndexesSql))
        {
            connection.Execute(dropSql);
        }

        return connection;
    }

    public override void ValidateDatabase(DbConnection connection)
    {
        if (connection.ExecuteScalar<string>("SHOW server_encoding") is var encoding and not "UTF8")
        {
            throw new ConfigurationException(
                $"The database of {SettingKeys.ConnectionString} is encoded in {encoding}, which cannot hold every text: create it with ENCODING 'UTF8'.");
        }
    }

    protected override string? FindHint(string reason) => reason.Contains("SSL", StringComparison.Ordinal)
        ? "The server must offer TLS, with a certificate for its host name whose authority this machine trusts, or that Root Certificate= names."
        : null;

    protected override DbConnection CreateConnection() =>
        PostgresDatabase.CreateDataSource("migrations", PostgresDatabase.ForMigrating(database)).CreateConnection();
}
