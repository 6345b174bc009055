using System.Data.Common;
using Analytics.Infrastructure.Configuration;
using Microsoft.Data.SqlClient;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>A SQL Server's database.</summary>
internal sealed class SqlServerDatabase(SqlConnectionStringBuilder settings) : DbDataSource
{
    /// <summary>What holds where the connection string does not say otherwise.</summary>
    private static SqlConnectionStringBuilder Defaults(DatabaseLimits limits) => new()
    {
        ApplicationName = "analytics",

        // Encrypted, and by the server that is meant.
        Encrypt = SqlConnectionEncryptOption.Mandatory,
        TrustServerCertificate = false,

        MaxPoolSize = limits.MaxReadConnections,
        ConnectTimeout = limits.ConnectSeconds,
        CommandTimeout = limits.CommandSeconds,

        // Otherwise a server that is back would be given up for another minute.
        PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock,
    };

    public override string ConnectionString => settings.ConnectionString;

    /// <summary>The connection string with its defaults. What is not one at all is an ArgumentException.</summary>
    public static SqlConnectionStringBuilder ForReading(DatabaseSettings database) => Defaults(database.Limits).OverriddenBy(database.ConnectionString);

    /// <summary>The same for writing. Here the time to connect is also that to commit.</summary>
    public static SqlConnectionStringBuilder ForWriting(DatabaseSettings database)
    {
        var settings = Defaults(database.Limits);
        settings.MaxPoolSize = database.Limits.Writes.PermitLimit;
        settings.ConnectTimeout = DatabaseLimits.WriteTimeoutSeconds;
        settings = settings.OverriddenBy(database.ConnectionString);

        // A least number of connections is meant for questions.
        settings.MinPoolSize = 0;
        return settings;
    }

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

    /// <summary>What other drivers call a fault of the database, this one calls a wrong use.</summary>
    private sealed class PoolExhaustedException(Exception inner) : DbException(inner.Message, inner);
}
