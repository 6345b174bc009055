using System.Data.Common;
using Analytics.Infrastructure.Configuration;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>An SQLite file, which must be there: only a migration creates it.</summary>
internal sealed class SqliteDatabase(DatabaseSettings settings) : DbDataSource
{
    private readonly string _file = FileOf(settings.ConnectionString);
    private readonly bool _keepsConnections = new SqliteConnectionStringBuilder(settings.ConnectionString).Pooling;
    private KeptConnections _kept = new();
    private FileState? _lastSeen;
    private long _lastLooked;

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder(settings.ConnectionString)
    {
        Mode = SqliteOpenMode.ReadWrite,

        // The driver's own is 30 s, for which a request would hold a thread.
        DefaultTimeout = Math.Min(new SqliteConnectionStringBuilder(settings.ConnectionString).DefaultTimeout, settings.Limits.StatementSeconds),
    }.ToString();

    public static string FileOf(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource;

    protected override DbConnection CreateDbConnection()
    {
        ForgetLostFile();
        return new SqliteConnection(ConnectionString);
    }

    protected override DbConnection OpenDbConnection()
    {
        if (!_keepsConnections)
        {
            return base.OpenDbConnection();
        }

        ForgetLostFile();
        return _kept.Take(ConnectionString);
    }

    /// <summary>SQLite's calls do not yield.</summary>
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(OpenDbConnection());
    }

    protected override void Dispose(bool disposing)
    {
        _kept.Close();
        base.Dispose(disposing);
    }

    /// <summary>An open connection would go on reading a file that was removed or replaced. Looking once a millisecond is enough.</summary>
    private void ForgetLostFile()
    {
        var now = Environment.TickCount64;
        if (Interlocked.Exchange(ref _lastLooked, now) == now)
        {
            return;
        }

        var seen = FileState.Of(new FileInfo(_file));
        if (Interlocked.Exchange(ref _lastSeen, seen) != seen)
        {
            Interlocked.Exchange(ref _kept, new KeptConnections()).Close();
            using var pooled = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(pooled);
        }
    }

    private sealed record FileState(bool Exists, DateTime Created)
    {
        public static FileState Of(FileInfo file) => new(file.Exists, file.CreationTimeUtc);
    }
}
