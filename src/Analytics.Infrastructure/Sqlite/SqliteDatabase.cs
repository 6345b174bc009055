using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>An existing SQLite file. Only a migration creates one.</summary>
internal sealed class SqliteDatabase : DbDataSource
{
    // Null with Pooling=False in the connection string.
    private readonly SqliteConnectionPool? _pool;

    public SqliteDatabase(DatabaseSettings database)
    {
        var settings = new SqliteConnectionStringBuilder(database.ConnectionString);
        if (settings.Mode != SqliteOpenMode.ReadOnly)
        {
            settings.Mode = SqliteOpenMode.ReadWrite;
        }

        // The driver's default is 30 s, for which a request would hold a thread. 0 is no limit.
        var limit = database.Limits.CommandSeconds;
        settings.DefaultTimeout = settings.DefaultTimeout > 0 ? Math.Min(settings.DefaultTimeout, limit) : limit;
        ConnectionString = settings.ToString();
        _pool = settings.Pooling ? new SqliteConnectionPool(ConnectionString) : null;
    }

    public override string ConnectionString { get; }

    public static bool IsReadOnly(string connectionString) =>
        new SqliteConnectionStringBuilder(connectionString).Mode == SqliteOpenMode.ReadOnly;

    public static string GetFile(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection() => _pool?.Rent() ?? base.OpenDbConnection();

    // SQLite's calls block, so there is nothing to await.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(OpenDbConnection());
    }

    protected override void Dispose(bool disposing)
    {
        _pool?.Close();
        base.Dispose(disposing);
    }
}
