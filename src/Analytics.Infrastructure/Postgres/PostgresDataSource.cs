using Npgsql;

namespace Analytics.Infrastructure.Postgres;

/// <summary>
/// Pooled connections to one host, or to the primary of several. Npgsql asks the hosts in their given order for each connection,
/// and each time waits for one that does not respond. So there is a data source for each order, and the one is used that begins
/// with the host that was the primary last.
/// </summary>
internal sealed class PostgresDataSource : DbDataSource
{
    private readonly string[] _hosts;
    private readonly int _defaultPort;
    private readonly NpgsqlDataSource[] _orders;
    private readonly PostgresPrimary _primary;
    private int _lastUsed;

    public PostgresDataSource(string name, NpgsqlConnectionStringBuilder settings, PostgresPrimary primary)
    {
        _hosts = settings.Host!.Split(',', StringSplitOptions.TrimEntries);
        _defaultPort = settings.Port;
        _orders = [.. _hosts.Select((_, first) => PostgresDatabase.CreateDataSource(
            name,
            new NpgsqlConnectionStringBuilder(settings.ConnectionString)
            {
                Host = string.Join(',', [.. _hosts[first..], .. _hosts[..first]]),
            }))];
        _primary = primary;
    }

    public override string ConnectionString => _orders[0].ConnectionString;

    /// <summary>
    /// Closes the pooled connections: idle ones now, those in use when they are returned. Roles of hosts are asked again.
    /// </summary>
    public void Clear()
    {
        foreach (var order in _orders)
        {
            order.Clear();
            (order as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
        }
    }

    protected override DbConnection CreateDbConnection() => BeginningWith(_primary.Index).CreateConnection();

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        var first = _primary.Index;
        var connection = await BeginningWith(first).OpenConnectionAsync(cancellationToken);
        if (_hosts.Length > 1 && FindHost(connection) is var host and >= 0 && host != first)
        {
            _primary.Move(first, host);
        }

        return connection;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var order in _orders)
        {
            order.Dispose();
        }

        base.Dispose(disposing);
    }

    private NpgsqlDataSource BeginningWith(int host)
    {
        var previous = Interlocked.Exchange(ref _lastUsed, host);
        if (previous != host)
        {
            // Its connections to a host that does not respond would each have to time out.
            _orders[previous].Clear();
        }

        return _orders[host];
    }

    private int FindHost(NpgsqlConnection connection) => Array.FindIndex(
        _hosts, host => host == $"{connection.Host}:{connection.Port}" || (host == connection.Host && connection.Port == _defaultPort));
}

/// <summary>Which of several hosts was the primary last: the pools for reading and for writing learn it from each other.</summary>
internal sealed class PostgresPrimary
{
    private int _index;

    public int Index => Volatile.Read(ref _index);

    public void Move(int from, int to) => Interlocked.CompareExchange(ref _index, to, from);
}
