using Npgsql;

namespace Analytics.Infrastructure.Postgres;

internal static class PostgresDatabase
{
    /// <summary>After so many seconds at most a host's role counts as unknown, so that a failover is noticed in time.</summary>
    private const int MaxHostRecheckSeconds = 2;

    // Of several hosts. A read goes to the primary too: on a standby, which lags behind, it could miss what a push has stored.
    private const string Primary = "primary";
    private const string PrimaryReadWrite = "read-write";

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

        HostRecheckSeconds = MaxHostRecheckSeconds,

        // More than the service has statements, so that PostgreSQL plans each once per connection.
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,

        // No statement leaves session state; the reset would add seven statements to each return to the pool.
        NoResetOnClose = true,
    };

    /// <summary>An invalid connection string throws ArgumentException.</summary>
    public static NpgsqlConnectionStringBuilder ForReading(DatabaseSettings database) =>
        BuildConnectionString(Defaults(database.Limits), database.ConnectionString, Primary);

    // Npgsql's command timeout also limits the commit. A statement that needs longer sets its own.
    public static NpgsqlConnectionStringBuilder ForWriting(DatabaseSettings database)
    {
        var settings = Defaults(database.Limits);
        settings.MaxPoolSize = database.Limits.MaxWriteConnections;
        settings.CommandTimeout = DatabaseLimits.WriteTimeoutSeconds;

        // With several hosts, one that does not respond delays the connection to the next.
        settings.Timeout = HasSeveralHosts(new NpgsqlConnectionStringBuilder(database.ConnectionString))
            ? database.Limits.ConnectSeconds
            : DatabaseLimits.WriteTimeoutSeconds;
        settings = BuildConnectionString(settings, database.ConnectionString, PrimaryReadWrite);

        // A minimum pool size is meant for the pool of reads.
        settings.MinPoolSize = 0;
        return settings;
    }

    public static NpgsqlConnectionStringBuilder ForMigrating(DatabaseSettings database)
    {
        var settings = ForWriting(database);
        settings.Pooling = false;
        settings.Multiplexing = false;
        settings.CommandTimeout = 0;

        // Also if it is read-only: the service only reads whether the schema is current.
        SetTarget(settings, Primary);
        return settings;
    }

    // Without a name, Npgsql's metrics show the connection string.
    public static NpgsqlDataSource CreateDataSource(string name, NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();

    private static NpgsqlConnectionStringBuilder BuildConnectionString(
        NpgsqlConnectionStringBuilder defaults, string given, string target)
    {
        var settings = defaults.OverriddenBy(given, "Timeout", "Command Timeout", "Cancellation Timeout");
        if (settings.TargetSessionAttributes is "standby" or "prefer-standby" or "read-only")
        {
            throw new ConfigurationException(
                $"{SettingKeys.ConnectionString} demands a standby (Target Session Attributes), which lags behind: leave it out, the service finds the primary.");
        }

        // Npgsql would connect without a password.
        if (settings.Passfile is { Length: > 0 } passfile && !File.Exists(passfile))
        {
            throw new ConfigurationException(
                $"{SettingKeys.ConnectionString} names a Passfile that does not exist, or that this user must not see.");
        }

        settings.HostRecheckSeconds = Math.Min(settings.HostRecheckSeconds, MaxHostRecheckSeconds);
        SetTarget(settings, target);

        // PostgreSQL does not encrypt Unix sockets.
        if (settings.Host?.Split(',').All(host => host.TrimStart().StartsWith('/')) == true)
        {
            settings.SslMode = SslMode.Disable;
        }

        return settings;
    }

    // Npgsql rejects a target with one host.
    private static void SetTarget(NpgsqlConnectionStringBuilder settings, string target) =>
        settings.TargetSessionAttributes = HasSeveralHosts(settings) ? target : null;

    private static bool HasSeveralHosts(NpgsqlConnectionStringBuilder settings) => settings.Host?.Contains(',') == true;
}
