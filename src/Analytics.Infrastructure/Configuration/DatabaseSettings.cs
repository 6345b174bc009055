using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.Sqlite;
using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

public enum DatabaseEngine
{
    /// <summary>The embedded default: one file.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server, from 2019 on.</summary>
    SqlServer,

    /// <summary>PostgreSQL, from 14 on, or Citus.</summary>
    Postgres,
}

public sealed record DatabaseSettings(DatabaseEngine Engine, string ConnectionString)
{
    public const string EngineKey = "Database:Engine";

    public const string ConnectionStringKey = "ConnectionStrings:Analytics";

    public DatabaseLimits Limits { get; init; } = new();

    public static DatabaseSettings From(IConfiguration configuration)
    {
        var name = configuration[EngineKey] is { Length: > 0 } given ? given : nameof(DatabaseEngine.Sqlite);
        if (!Enum.GetNames<DatabaseEngine>().Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"{EngineKey} must be one of {string.Join(", ", Enum.GetNames<DatabaseEngine>())}.");
        }

        var engine = Enum.Parse<DatabaseEngine>(name, ignoreCase: true);
        if (configuration[ConnectionStringKey] is not { Length: > 0 } connectionString)
        {
            throw new ConfigurationException($"{ConnectionStringKey} is missing: set it to the database to use, for example \"{GetExample(engine)}\".");
        }

        var settings = new DatabaseSettings(engine, connectionString) { Limits = DatabaseLimits.From(engine, configuration) };
        try
        {
            return settings.IsComplete()
                ? settings
                : throw new ConfigurationException($"{ConnectionStringKey} does not say which database: set it for example to \"{GetExample(engine)}\".");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new ConfigurationException($"{ConnectionStringKey} is not a connection string of {engine}, such as \"{GetExample(engine)}\".");
        }
    }

    private static string GetExample(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => "Data Source=/var/lib/analytics/analytics.db",
        DatabaseEngine.SqlServer => "Server=db.example.com;Database=analytics;User ID=analytics_service;Password=…",
        DatabaseEngine.Postgres => "Host=db.example.com;Database=analytics;Username=analytics_service;Password=…",
    };

    private bool IsComplete() => Engine switch
    {
        DatabaseEngine.Sqlite => SqliteDatabase.GetFile(ConnectionString) is not ("" or ":memory:"),
        DatabaseEngine.SqlServer => SqlServerDatabase.ForReading(this) is { DataSource.Length: > 0, InitialCatalog.Length: > 0 } server && CanConnectWith(new SqlConnection(server.ConnectionString)),
        DatabaseEngine.Postgres => PostgresDatabase.ForReading(this) is { Host.Length: > 0, Database.Length: > 0 } server && CanConnectWith(PostgresDatabase.CreateDataSource("check", server)),
    };

    // Only the driver's own connection type validates the combination of settings.
    private static bool CanConnectWith(IDisposable connector)
    {
        connector.Dispose();
        return true;
    }
}
