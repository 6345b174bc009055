using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>An existing SQLite file. Only a migration creates one.</summary>
internal sealed class SqliteDatabase(DatabaseSettings settings) : DbDataSource
{
    private readonly string _file = GetFile(settings.ConnectionString);
    private readonly bool _usesPool = new SqliteConnectionStringBuilder(settings.ConnectionString).Pooling;
    private SqliteConnectionPool _pool = new();
    private FileState? _lastState;
    private long _lastChecked;

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder(settings.ConnectionString)
    {
        Mode = SqliteOpenMode.ReadWrite,

        // The driver's default is 30 s, for which a request would hold a thread.
        DefaultTimeout =
            Math.Min(new SqliteConnectionStringBuilder(settings.ConnectionString).DefaultTimeout, settings.Limits.CommandSeconds),
    }.ToString();

    public static string GetFile(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource;

    protected override DbConnection CreateDbConnection()
    {
        ResetPoolIfFileReplaced();
        return new SqliteConnection(ConnectionString);
    }

    protected override DbConnection OpenDbConnection()
    {
        if (!_usesPool)
        {
            return base.OpenDbConnection();
        }

        ResetPoolIfFileReplaced();
        return _pool.Rent(ConnectionString);
    }

    // SQLite's calls block, so there is nothing to await.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(OpenDbConnection());
    }

    protected override void Dispose(bool disposing)
    {
        _pool.Close();
        base.Dispose(disposing);
    }

    /// <summary>
    /// An open connection keeps reading a file that was removed or replaced. One check each millisecond is enough.
    /// </summary>
    private void ResetPoolIfFileReplaced()
    {
        var now = Environment.TickCount64;
        if (Interlocked.Exchange(ref _lastChecked, now) == now)
        {
            return;
        }

        var state = FileState.Of(new FileInfo(_file));
        if (Interlocked.Exchange(ref _lastState, state) != state)
        {
            Interlocked.Exchange(ref _pool, new SqliteConnectionPool()).Close();
            using var pooled = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(pooled);
        }
    }

    private sealed record FileState(bool Exists, DateTime Created)
    {
        public static FileState Of(FileInfo file) => new(file.Exists, file.CreationTimeUtc);
    }
}
