using Npgsql;

namespace Analytics.Infrastructure.Postgres;

internal static class PostgresDatabase
{
    private static NpgsqlConnectionStringBuilder Defaults(DatabaseLimits limits) => new()
    {
        ApplicationName = "analytics",

        // Encrypts, and validates the server's certificate.
        SslMode = SslMode.VerifyFull,

        // Npgsql tries GSSAPI before TLS by default, with a library that small images lack.
        GssEncryptionMode = GssEncryptionMode.Disable,

        MaxPoolSize = limits.MaxReadConnections,
        Timeout = limits.ConnectSeconds,
        CommandTimeout = limits.CommandSeconds,

        // A server that does not respond ignores a cancellation too; one that does keeps its connection.
        CancellationTimeout = 500,

        // More than the service has statements, so that PostgreSQL plans each once per connection.
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,

        // No statement leaves session state; the reset would add seven statements to each return to the pool.
        NoResetOnClose = true,
    };

    /// <summary>An invalid connection string throws ArgumentException.</summary>
    public static NpgsqlConnectionStringBuilder ForReading(DatabaseSettings database) =>
        BuildConnectionString(Defaults(database.Limits), database.ConnectionString);

    // Npgsql's command timeout also limits the commit. A statement that needs longer sets its own.
    public static NpgsqlConnectionStringBuilder ForWriting(DatabaseSettings database)
    {
        var settings = Defaults(database.Limits);
        settings.MaxPoolSize = database.Limits.Writes.PermitLimit;
        settings.Timeout = DatabaseLimits.WriteTimeoutSeconds;
        settings.CommandTimeout = DatabaseLimits.WriteTimeoutSeconds;
        settings = BuildConnectionString(settings, database.ConnectionString);

        // A minimum pool size is meant for the pool of reads.
        settings.MinPoolSize = 0;
        return settings;
    }

    // Without a name, Npgsql's metrics show the connection string.
    public static NpgsqlDataSource CreateDataSource(string name, NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();

    private static NpgsqlConnectionStringBuilder BuildConnectionString(NpgsqlConnectionStringBuilder defaults, string given)
    {
        var settings = defaults.OverriddenBy(given, "Timeout", "Command Timeout", "Cancellation Timeout");

        // PostgreSQL does not encrypt Unix sockets.
        if (settings.Host?.StartsWith('/') == true)
        {
            settings.SslMode = SslMode.Disable;
        }

        return settings;
    }
}
