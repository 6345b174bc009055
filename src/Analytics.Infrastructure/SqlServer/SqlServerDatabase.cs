using Microsoft.Data.SqlClient;

namespace Analytics.Infrastructure.SqlServer;

internal sealed class SqlServerDatabase(SqlConnectionStringBuilder settings) : DbDataSource
{
    private static SqlConnectionStringBuilder Defaults(DatabaseLimits limits) => new()
    {
        ApplicationName = "analytics",

        // Encrypts, and validates the server's certificate.
        Encrypt = SqlConnectionEncryptOption.Mandatory,
        TrustServerCertificate = false,

        MaxPoolSize = limits.MaxReadConnections,
        ConnectTimeout = limits.ConnectSeconds,
        CommandTimeout = limits.CommandSeconds,

        // The default blocks new connections for up to a minute after a failed login.
        PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock,
    };

    public override string ConnectionString => settings.ConnectionString;

    /// <summary>An invalid connection string throws ArgumentException.</summary>
    public static SqlConnectionStringBuilder ForReading(DatabaseSettings database) =>
        BuildConnectionString(Defaults(database.Limits), database.ConnectionString);

    // SqlClient's connect timeout also limits the commit.
    public static SqlConnectionStringBuilder ForWriting(DatabaseSettings database)
    {
        var settings = Defaults(database.Limits);
        settings.MaxPoolSize = database.Limits.MaxWriteConnections;
        settings.ConnectTimeout = DatabaseLimits.WriteTimeoutSeconds;
        settings = BuildConnectionString(settings, database.ConnectionString);

        // A minimum pool size is meant for the pool of reads.
        settings.MinPoolSize = 0;
        return settings;
    }

    public void ClearPool()
    {
        using var connection = new SqlConnection(ConnectionString);
        SqlConnection.ClearPool(connection);
    }

    private static SqlConnectionStringBuilder BuildConnectionString(SqlConnectionStringBuilder defaults, string given) =>
        defaults.OverriddenBy(given, "Connect Timeout", "Command Timeout");

    protected override DbConnection CreateDbConnection() => new SqlConnection(ConnectionString);

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.OpenDbConnectionAsync(cancellationToken);
        }
        catch (InvalidOperationException exhausted)
        {
            throw new PoolExhaustedException(exhausted);
        }
    }

    /// <summary>SqlClient reports an exhausted pool as InvalidOperationException; other drivers throw a DbException.</summary>
    private sealed class PoolExhaustedException(Exception inner) : DbException(inner.Message, inner)
    {
        public override bool IsTransient => true;
    }
}
