using Analytics.Infrastructure.Settings;
using Npgsql;

namespace Analytics.Infrastructure.Postgres;

/// <summary>A PostgreSQL server's database.</summary>
internal static class PostgresDatabase
{
    /// <summary>What holds where the connection string does not say otherwise.</summary>
    private static NpgsqlConnectionStringBuilder Defaults => new()
    {
        ApplicationName = "analytics",

        // Encrypted, and by the server that is meant.
        SslMode = SslMode.VerifyFull,

        // Tried before TLS otherwise, with a library that small images do not have.
        GssEncryptionMode = GssEncryptionMode.Disable,

        // A few dozen connections are enough for one copy of the service; the server's limit is shared by all copies.
        MaxPoolSize = 32,

        // In seconds: a question that takes longer is a 503.
        Timeout = 2,
        CommandTimeout = 3,

        // Planned once for each connection; more than the service has statements.
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,
    };

    public static NpgsqlDataSource Open(string connectionString) => NpgsqlDataSource.Create(ConnectionString(connectionString));

    /// <summary>The connection string with its defaults. What is not one at all is an ArgumentException.</summary>
    public static NpgsqlConnectionStringBuilder ConnectionString(string given)
    {
        var settings = Defaults.OverriddenBy(given);

        // A Unix socket does not leave the machine, and PostgreSQL does not encrypt it.
        if (settings.Host?.StartsWith('/') == true)
        {
            settings.SslMode = SslMode.Disable;
        }

        return settings;
    }
}
