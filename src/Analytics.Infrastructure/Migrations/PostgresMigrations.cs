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

    protected override string EncryptionHint =>
        "Connections are encrypted and the server's certificate is checked (SSL Mode=VerifyFull); SSL Mode=Require encrypts without the check, SSL Mode=Disable does neither.";

    // Unqualified statements use current_schema(); Evolve would assume public.
    public override IEnumerable<string> Schemas(DbConnection connection) => connection.Query<string>("SELECT current_schema()");

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
                $"The database of {DatabaseSettings.ConnectionStringKey} is encoded in {encoding}, which cannot hold every text: create it with ENCODING 'UTF8'.");
        }
    }

    protected override DbConnection CreateConnection() =>
        PostgresDatabase.CreateDataSource("migrations", PostgresDatabase.ForMigrating(database)).CreateConnection();
}
