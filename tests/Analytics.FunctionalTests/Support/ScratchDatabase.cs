using System.Collections.Concurrent;
using System.Data.Common;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Analytics.FunctionalTests.Support;

/// <summary>A new database, and a folder for files; deleted afterwards.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<DatabaseEngine, Lazy<Task<ScratchDatabase>>> Templates = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics-tests-");
    private readonly string _name = $"analytics_test_{Guid.NewGuid():N}";
    private readonly string _server;

    private ScratchDatabase(DatabaseEngine engine, string server)
    {
        _server = server;
        Settings = new DatabaseSettings(engine, engine switch
        {
            DatabaseEngine.Sqlite => $"Data Source={File}",
            DatabaseEngine.SqlServer => new SqlConnectionStringBuilder(server) { InitialCatalog = _name }.ConnectionString,
            DatabaseEngine.Postgres => new NpgsqlConnectionStringBuilder(server) { Database = _name }.ConnectionString,
        });
    }

    public DatabaseSettings Settings { get; }

    // The database's file, on the engine that has one.
    public string File => GetFilePath("analytics.db");

    // A migrated database: a copy of one that was migrated once, if the engine can copy.
    public static async Task<ScratchDatabase> CreateAsync(DatabaseEngine engine)
    {
        if (engine == DatabaseEngine.SqlServer)
        {
            return await MigrateAsync(CreateEmptyAsync(engine));
        }

        var server = engine == DatabaseEngine.Sqlite ? "" : TestEngines.GetServerConnectionString(engine);
        var template = await Templates.GetOrAdd(engine, _ => new(() => MigrateAsync(CreateEmptyAsync(engine, server)))).Value;
        var copy = new ScratchDatabase(engine, server);
        if (engine == DatabaseEngine.Sqlite)
        {
            System.IO.File.Copy(template.File, copy.File);
        }
        else
        {
            await copy.ExecuteOnServerAsync($"CREATE DATABASE {copy._name} TEMPLATE {template._name}");
        }

        return copy;
    }

    // The same on a test's own server.
    public static Task<ScratchDatabase> CreateAsync(PostgresServer server) =>
        MigrateAsync(CreateEmptyAsync(DatabaseEngine.Postgres, server.ConnectionString));

    // Removes the migrated databases that the others were copied from.
    public static async Task DropTemplatesAsync()
    {
        foreach (var template in Templates.Values)
        {
            await (await template.Value).DisposeAsync();
        }

        Templates.Clear();
    }

    // A database without tables.
    public static Task<ScratchDatabase> CreateEmptyAsync(DatabaseEngine engine) =>
        CreateEmptyAsync(engine, engine == DatabaseEngine.Sqlite ? "" : TestEngines.GetServerConnectionString(engine));

    private static async Task<ScratchDatabase> MigrateAsync(Task<ScratchDatabase> emptyDatabase)
    {
        var database = await emptyDatabase;
        await new Migrator(database.Settings).MigrateAsync(CancellationToken.None);
        return database;
    }

    private static async Task<ScratchDatabase> CreateEmptyAsync(DatabaseEngine engine, string server)
    {
        var database = new ScratchDatabase(engine, server);
        switch (engine)
        {
            case DatabaseEngine.Sqlite:
                break;
            case DatabaseEngine.SqlServer:
                await database.ExecuteOnServerAsync($"CREATE DATABASE {database._name}");
                await database.EnableReadCommittedSnapshotAsync();
                break;
            case DatabaseEngine.Postgres:
                await database.ExecuteOnServerAsync($"CREATE DATABASE {database._name}");
                break;
        }

        return database;
    }

    public string GetFilePath(string name) => Path.Combine(_folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        switch (Settings.Engine)
        {
            case DatabaseEngine.Sqlite:
                SqliteConnection.ClearAllPools();
                break;
            case DatabaseEngine.SqlServer:
                SqlConnection.ClearAllPools();
                await ExecuteOnServerAsync($"DROP DATABASE {_name}");
                break;
            case DatabaseEngine.Postgres:
                NpgsqlConnection.ClearAllPools();
                await ExecuteOnServerAsync($"DROP DATABASE {_name} WITH (FORCE)");
                break;
        }
    }

    private async Task EnableReadCommittedSnapshotAsync()
    {
        await using var server = new SqlConnection(_server);
        if (!await server.ExecuteScalarAsync<bool>(
            "SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = @_name", new { _name }))
        {
            await server.ExecuteAsync($"ALTER DATABASE {_name} SET READ_COMMITTED_SNAPSHOT ON");
        }
    }

    private async Task ExecuteOnServerAsync(string sql)
    {
        await using DbConnection server =
            Settings.Engine == DatabaseEngine.Postgres ? new NpgsqlConnection(_server) : new SqlConnection(_server);
        await server.ExecuteAsync(sql);
    }
}
