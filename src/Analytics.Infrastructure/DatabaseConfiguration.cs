using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.Sqlite;
using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Analytics.Infrastructure;

/// <summary>Reads the settings of the database. The engine's driver parses the connection string; nothing connects yet.</summary>
public static class DatabaseConfiguration
{
    public static DatabaseSettings GetDatabaseSettings(this IConfiguration configuration)
    {
        var engine = configuration.FindEngine() ?? throw new ConfigurationException(
            $"{SettingKeys.Engine} must be one of {string.Join(", ", Enum.GetNames<DatabaseEngine>())}.");
        if (configuration[SettingKeys.ConnectionString] is not { Length: > 0 } connectionString)
        {
            throw new ConfigurationException(
                $"{SettingKeys.ConnectionString} is missing: set it to the database to use, for example \"{GetExample(engine)}\".");
        }

        var settings = new DatabaseSettings(engine, connectionString) { Limits = DatabaseLimits.From(configuration) };
        return FindProblem(settings) is { } problem
            ? throw new ConfigurationException($"{SettingKeys.ConnectionString} {problem}.")
            : settings;
    }

    /// <summary>SQLite if the settings name no engine; null if there is none of that name.</summary>
    public static DatabaseEngine? FindEngine(this IConfiguration configuration) => configuration[SettingKeys.Engine] switch
    {
        null or "" => DatabaseEngine.Sqlite,

        // Enum.TryParse alone would also accept numbers.
        var name when Enum.GetNames<DatabaseEngine>().Contains(name, StringComparer.OrdinalIgnoreCase) =>
            Enum.Parse<DatabaseEngine>(name, ignoreCase: true),
        _ => null,
    };

    private static string GetExample(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => "Data Source=/var/lib/analytics/analytics.db",
        DatabaseEngine.SqlServer => "Server=db.example.com;Database=analytics;User ID=analytics_service;Password=…",
        DatabaseEngine.Postgres => "Host=db.example.com;Database=analytics;Username=analytics_service;Password=…",
    };

    // The end of a sentence. The driver's own messages are not used, because they may quote a part of the connection string.
    private static string? FindProblem(DatabaseSettings settings)
    {
        var (engine, example) = (settings.Engine, GetExample(settings.Engine));
        if (ConnectionStringOptions.FindProblem(CreateOptions(engine), settings.ConnectionString) is { } problem)
        {
            return $"{problem}; a connection string of {engine}, which {SettingKeys.Engine} selects, is for example \"{example}\"";
        }

        try
        {
            return engine == DatabaseEngine.Sqlite ? SqliteConnectionRules.FindProblem(settings.ConnectionString)
                : IsComplete(settings) ? null
                : $"does not say which database: set it for example to \"{example}\"";
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return $"has options that {engine}'s driver does not allow together";
        }
    }

    private static DbConnectionStringBuilder CreateOptions(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => new SqliteConnectionStringBuilder(),
        DatabaseEngine.SqlServer => new SqlConnectionStringBuilder(),
        DatabaseEngine.Postgres => new NpgsqlConnectionStringBuilder(),
    };

    private static bool IsComplete(DatabaseSettings settings) => settings.Engine switch
    {
        DatabaseEngine.Sqlite => true,
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
