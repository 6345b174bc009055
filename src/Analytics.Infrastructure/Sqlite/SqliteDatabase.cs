using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>An SQLite file, which must be there: only a migration creates it.</summary>
internal sealed class SqliteDatabase(string connectionString) : DbDataSource
{
    /// <summary>The driver's own is 30 s, for which a request would hold a thread.</summary>
    private const int LongestWaitSeconds = 3;

    private readonly string _file = new SqliteConnectionStringBuilder(connectionString).DataSource;
    private FileState? _lastSeen;

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder(connectionString)
    {
        Mode = SqliteOpenMode.ReadWrite,
        DefaultTimeout = Math.Min(new SqliteConnectionStringBuilder(connectionString).DefaultTimeout, LongestWaitSeconds),
    }.ToString();

    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);

        // A pooled connection would go on reading a file that was removed or replaced.
        var seen = FileState.Of(new FileInfo(_file));
        if (Interlocked.Exchange(ref _lastSeen, seen) != seen)
        {
            SqliteConnection.ClearPool(connection);
        }

        return connection;
    }

    private sealed record FileState(bool Exists, DateTime Created)
    {
        public static FileState Of(FileInfo file) => new(file.Exists, file.CreationTimeUtc);
    }
}
