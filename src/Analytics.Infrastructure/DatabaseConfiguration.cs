using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.Sqlite;
using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient;

namespace Analytics.Infrastructure;

/// <summary>Reads the settings of the database. The engine's driver parses the connection string; nothing connects yet.</summary>
public static class DatabaseConfiguration
{
    private const string EngineKey = DatabaseSettings.EngineKey;
    private const string ConnectionStringKey = DatabaseSettings.ConnectionStringKey;

    public static DatabaseSettings GetDatabaseSettings(this IConfiguration configuration)
    {
        var engine = ParseEngine(configuration[EngineKey]);
        if (configuration[ConnectionStringKey] is not { Length: > 0 } connectionString)
        {
            throw new ConfigurationException(
                $"{ConnectionStringKey} is missing: set it to the database to use, for example \"{GetExample(engine)}\".");
        }

        var settings = new DatabaseSettings(engine, connectionString) { Limits = DatabaseLimits.From(engine, configuration) };
        try
        {
            return IsComplete(settings)
                ? settings
                : throw new ConfigurationException(
                    $"{ConnectionStringKey} does not say which database: set it for example to \"{GetExample(engine)}\".");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new ConfigurationException(
                $"{ConnectionStringKey} is not a connection string of {engine}, such as \"{GetExample(engine)}\".");
        }
    }

    private static DatabaseEngine ParseEngine(string? name)
    {
        // Enum.TryParse alone would also accept numbers.
        var names = Enum.GetNames<DatabaseEngine>();
        return string.IsNullOrEmpty(name) ? DatabaseEngine.Sqlite
            : names.Contains(name, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<DatabaseEngine>(name, ignoreCase: true)
            : throw new ConfigurationException($"{EngineKey} must be one of {string.Join(", ", names)}.");
    }

    private static string GetExample(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => "Data Source=/var/lib/analytics/analytics.db",
        DatabaseEngine.SqlServer => "Server=db.example.com;Database=analytics;User ID=analytics_service;Password=…",
        DatabaseEngine.Postgres => "Host=db.example.com;Database=analytics;Username=analytics_service;Password=…",
    };

    private static bool IsComplete(DatabaseSettings settings) => settings.Engine switch
    {
        DatabaseEngine.Sqlite => SqliteDatabase.GetFile(settings.ConnectionString) is not ("" or ":memory:"),
        DatabaseEngine.SqlServer => SqlServerDatabase.ForReading(settings) is { DataSource.Length: > 0, InitialCatalog.Length: > 0 } server
            && CanConnectWith(new SqlConnection(server.ConnectionString)),
        DatabaseEngine.Postgres => PostgresDatabase.ForReading(settings) is { Host.Length: > 0, Database.Length: > 0 } server
            && CanConnectWith(PostgresDatabase.CreateDataSource("check", server)),
    };

    // Only the driver's own connection type validates the combination of settings.
    private static bool CanConnectWith(IDisposable connector)
    {
        connector.Dispose();
        return true;
    }
}
