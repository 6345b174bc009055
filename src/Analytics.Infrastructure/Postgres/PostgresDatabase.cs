using Analytics.Infrastructure.Configuration;
using Npgsql;

namespace Analytics.Infrastructure.Postgres;

/// <summary>A PostgreSQL server's database.</summary>
internal static class PostgresDatabase
{
    /// <summary>What holds where the connection string does not say otherwise.</summary>
    private static NpgsqlConnectionStringBuilder Defaults(DatabaseLimits limits) => new()
    {
        ApplicationName = "analytics",

        // Encrypted, and by the server that is meant.
        SslMode = SslMode.VerifyFull,

        // Tried before TLS otherwise, with a library that small images do not have.
        GssEncryptionMode = GssEncryptionMode.Disable,

        MaxPoolSize = limits.MaxReadConnections,
        Timeout = limits.ConnectSeconds,
        CommandTimeout = limits.CommandSeconds,

        // A server that does not answer does not answer this either; one that does keeps its connection.
        CancellationTimeout = 500,

        // Planned once for each connection; more than the service has statements.
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,

        // No statement of the service leaves anything behind in its session; to clean it each time is seven more.
        NoResetOnClose = true,
    };

    /// <summary>The connection string with its defaults. What is not one at all is an ArgumentException.</summary>
    public static NpgsqlConnectionStringBuilder ForReading(DatabaseSettings database) => BuildConnectionString(Defaults(database.Limits), database.ConnectionString);

    /// <summary>The same for writing. Here the time for a command is also that to commit; what takes longer says so.</summary>
    public static NpgsqlConnectionStringBuilder ForWriting(DatabaseSettings database)
    {
        var settings = Defaults(database.Limits);
        settings.MaxPoolSize = database.Limits.Writes.PermitLimit;
        settings.Timeout = DatabaseLimits.WriteTimeoutSeconds;
        settings.CommandTimeout = DatabaseLimits.WriteTimeoutSeconds;
        settings = BuildConnectionString(settings, database.ConnectionString);

        // A least number of connections is meant for questions.
        settings.MinPoolSize = 0;
        return settings;
    }

    /// <summary>Its connections, named in what they report, where else the connection string would stand.</summary>
    public static NpgsqlDataSource CreateDataSource(string name, NpgsqlConnectionStringBuilder settings) => new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();

    private static NpgsqlConnectionStringBuilder BuildConnectionString(NpgsqlConnectionStringBuilder defaults, string given)
    {
        var settings = defaults.OverriddenBy(given);

        // A Unix socket does not leave the machine, and PostgreSQL does not encrypt it.
        if (settings.Host?.StartsWith('/') == true)
        {
            settings.SslMode = SslMode.Disable;
        }

        return settings;
    }
}
