using System.Collections.Concurrent;
using System.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// Open connections for reading with their prepared statements. SQLite takes longer to prepare a statement than to run
/// it, and the driver's pool does not retain prepared statements.
/// </summary>
internal sealed class SqliteConnectionPool
{
    /// <summary>More than there are busy threads as a rule, because opening a connection takes far longer than a query.</summary>
    private const int MaxIdle = 64;

    /// <summary>SQLite calls the progress handler after so many virtual machine steps: about each millisecond.</summary>
    private const int ProgressHandlerInterval = 50_000;

    private readonly ConcurrentStack<PooledConnection> _idle = new();
    private volatile bool _isClosed;

    /// <summary>Disposing the connection returns it.</summary>
    public SqliteConnection Rent(string connectionString)
    {
        if (_idle.TryPop(out var pooled))
        {
            pooled.MarkRented();
            return pooled;
        }

        var connection = new PooledConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString(), this);
        try
        {
            connection.Open();
            connection.Prepare();
            connection.MarkRented();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes idle connections; a rented one is closed when it is returned.</summary>
    public void Close()
    {
        _isClosed = true;
        while (_idle.TryPop(out var pooled))
        {
            pooled.Dispose();
        }
    }

    private bool TryReturn(PooledConnection connection)
    {
        if (_isClosed || _idle.Count >= MaxIdle)
        {
            return false;
        }

        _idle.Push(connection);
        if (_isClosed)
        {
            Close();
        }

        return true;
    }

    private sealed class PooledConnection(string connectionString, SqliteConnectionPool pool) : SqliteConnection(connectionString)
    {
        private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
        private bool _isRented;
        private bool _hasFailed;
        private long _deadline = long.MaxValue;
        private CancellationToken _cancellationToken;

        public void MarkRented() => _isRented = true;

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
            var wasRented = _isRented;
            _isRented = false;
            _cancellationToken = CancellationToken.None;
            if (wasRented && !_hasFailed && pool.TryReturn(this))
            {
                return;
            }

            foreach (var command in _prepared.Values)
            {
                command.Dispose();
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
