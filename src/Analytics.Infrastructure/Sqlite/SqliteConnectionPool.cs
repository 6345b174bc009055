using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// Open connections for reading with their prepared statements. SQLite takes longer to prepare a statement than to run
/// it, and the driver's pool does not retain prepared statements.
/// </summary>
internal sealed class SqliteConnectionPool(string connectionString)
{
    /// <summary>More than there are busy threads as a rule, because opening a connection takes far longer than a query.</summary>
    private const int MaxIdle = 64;

    /// <summary>SQLite calls the progress handler after so many virtual machine steps: about each millisecond.</summary>
    private const int ProgressHandlerInterval = 50_000;

    private readonly string _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString();
    private readonly ConcurrentStack<PooledConnection> _idle = new();
    private volatile bool _isClosed;

    /// <summary>Disposing the connection returns it.</summary>
    public DbConnection Rent()
    {
        while (_idle.TryPop(out var idle))
        {
            if (!SqliteFunctions.IsFileReplaced(idle))
            {
                idle.ReleaseCacheIfFileWritten();
                return new RentedConnection(idle, this);
            }

            idle.Dispose();
        }

        var opened = new PooledConnection(_connectionString);
        try
        {
            opened.Open();
            opened.Prepare();
            opened.ReleaseCacheIfFileWritten();
            return new RentedConnection(opened, this);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Closes idle connections; a rented one is closed when it is returned.</summary>
    public void Close()
    {
        _isClosed = true;
        while (_idle.TryPop(out var idle))
        {
            idle.Dispose();
        }
    }

    private void Return(PooledConnection connection)
    {
        connection.Reset();
        if (_isClosed || _idle.Count >= MaxIdle || !connection.IsReusable)
        {
            connection.Dispose();
            return;
        }

        _idle.Push(connection);
        if (_isClosed)
        {
            Close();
        }
    }

    /// <summary>
    /// One use of a pooled connection. Each has its own object, so that disposing it twice returns the connection once. One that
    /// is never disposed does not return it: the finalizer runs on another thread, after those of the connection's statements.
    /// </summary>
    private sealed class RentedConnection(PooledConnection connection, SqliteConnectionPool pool) : DbConnection
    {
        private PooledConnection? _connection = connection;

        [AllowNull]
        public override string ConnectionString
        {
            get => Connection.ConnectionString;
            set => throw new NotSupportedException();
        }

        public override string Database => Connection.Database;

        public override string DataSource => Connection.DataSource;

        public override string ServerVersion => Connection.ServerVersion;

        public override ConnectionState State => _connection?.State ?? ConnectionState.Closed;

        private PooledConnection Connection => _connection ?? throw new ObjectDisposedException(nameof(RentedConnection));

        public override void Open() => Connection.Open();

        public override void Close() => Dispose();

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => Connection.BeginTransaction(isolationLevel);

        protected override DbCommand CreateDbCommand() => Connection.CreateCommand();

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _connection, null) is { } connection)
            {
                pool.Return(connection);
            }

            base.Dispose(disposing);
        }
    }

    private sealed class PooledConnection(string connectionString) : SqliteConnection(connectionString)
    {
        private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
        private bool _hasFailed;
        private long _deadline = long.MaxValue;
        private DateTime _fileWrittenAt;
        private CancellationToken _cancellationToken;

        /// <summary>Not after a failure, nor if a transaction or a reader was left open: it would keep reading an old state.</summary>
        public bool IsReusable => !_hasFailed && !SqliteFunctions.IsInTransaction(this);

        /// <summary>A checkpoint writes the file, and so does a restore in place, of which SQLite's cache of pages does not know.</summary>
        public void ReleaseCacheIfFileWritten()
        {
            var writtenAt = File.GetLastWriteTimeUtc(DataSource);
            if (_fileWrittenAt != writtenAt)
            {
                _fileWrittenAt = writtenAt;
                raw.sqlite3_exec(Handle, "PRAGMA shrink_memory");
            }
        }

        public void Reset() => _cancellationToken = CancellationToken.None;

        /// <summary>
        /// A cache of 8 MB instead of 2, because the rollups of a year are read from a thousand pages. The progress
        /// handler enforces the command timeout and the cancellation: SQLite has no timeout, and the driver checks the
        /// token only before it starts.
        /// </summary>
        public void Prepare()
        {
            using var pragma = base.CreateCommand();
            pragma.CommandText = "PRAGMA cache_size = -8192";
            pragma.ExecuteNonQuery();
            raw.sqlite3_progress_handler(Handle!, ProgressHandlerInterval,
                _ => Environment.TickCount64 > _deadline || _cancellationToken.IsCancellationRequested ? 1 : 0, null);
        }

        public override SqliteCommand CreateCommand() => new CachedCommand(this);

        protected override void Dispose(bool disposing)
        {
            // The finalizer must not touch the commands, which may be finalized already.
            if (disposing)
            {
                foreach (var command in _prepared.Values)
                {
                    command.Dispose();
                }
            }

            base.Dispose(disposing);
        }

        /// <summary>
        /// Dapper creates a command for each call. This one runs the connection's prepared command of the same
        /// statement.
        /// </summary>
        private sealed class CachedCommand : SqliteCommand
        {
            private readonly PooledConnection _connection;
            private CommandTimer _time;

            public CachedCommand(PooledConnection connection) =>
                (Connection, CommandTimeout) = (_connection = connection, connection.DefaultTimeout);

            public override async Task<SqliteDataReader> ExecuteReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
            {
                _connection._cancellationToken = cancellationToken;
                return await base.ExecuteReaderAsync(behavior, cancellationToken);
            }

            public override SqliteDataReader ExecuteReader(CommandBehavior behavior)
            {
                if (!_connection._prepared.TryGetValue(CommandText, out var prepared))
                {
                    _connection._prepared[CommandText] = prepared = new SqliteCommand(CommandText, _connection);
                }

                _connection._deadline = Environment.TickCount64 + (CommandTimeout * 1000L);
                prepared.CommandTimeout = CommandTimeout;
                prepared.Parameters.Clear();
                prepared.Parameters.AddRange(Parameters.Cast<SqliteParameter>());
                _time = CommandTimer.Start();
                try
                {
                    return prepared.ExecuteReader(behavior);
                }
                catch
                {
                    _connection._hasFailed = true;
                    throw;
                }
            }

            /// <summary>
            /// A connection references its commands until it is closed, and a pooled one stays open. The finalizer must
            /// not touch it from its own thread.
            /// </summary>
            protected override void Dispose(bool disposing)
            {
                if (disposing)
                {
                    _time.EndQuery();
                    _time = default;
                    Connection = null;
                }

                base.Dispose(disposing);
            }
        }
    }
}
