using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Settings;

/// <summary>The database engines that the service runs on.</summary>
public enum DatabaseEngine
{
    /// <summary>The embedded default: one file.</summary>
    Sqlite,
}

/// <summary>Where the database is.</summary>
/// <param name="Engine"><c>Database:Engine</c>; <c>Sqlite</c> unless set.</param>
/// <param name="ConnectionString"><c>ConnectionStrings:Analytics</c>.</param>
public sealed record DatabaseSettings(DatabaseEngine Engine, string ConnectionString)
{
    /// <summary>The key of the engine.</summary>
    public const string EngineKey = "Database:Engine";

    /// <summary>The key of the connection string.</summary>
    public const string ConnectionStringKey = "ConnectionStrings:Analytics";

    /// <summary>Reads and checks the settings.</summary>
    public static DatabaseSettings From(IConfiguration configuration)
    {
        var name = configuration[EngineKey] is { Length: > 0 } given ? given : nameof(DatabaseEngine.Sqlite);
        if (!Enum.GetNames<DatabaseEngine>().Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new SettingException($"{EngineKey} must be one of {string.Join(", ", Enum.GetNames<DatabaseEngine>())}.");
        }

        if (configuration[ConnectionStringKey] is not { Length: > 0 } connectionString)
        {
            throw new SettingException($"{ConnectionStringKey} is missing: set it to the database to use, for example \"Data Source=/var/lib/analytics/analytics.db\".");
        }

        var settings = new DatabaseSettings(Enum.Parse<DatabaseEngine>(name, ignoreCase: true), connectionString);
        settings.RequireUsable();
        return settings;
    }

    /// <summary>The file of an SQLite database.</summary>
    public string File => new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    private void RequireUsable()
    {
        try
        {
            if (File.Length == 0 || File == ":memory:")
            {
                throw new SettingException($"{ConnectionStringKey} must name a file, for example \"Data Source=/var/lib/analytics/analytics.db\".");
            }
        }
        catch (ArgumentException)
        {
            throw new SettingException($"{ConnectionStringKey} is not a connection string of {Engine}.");
        }
    }
}
