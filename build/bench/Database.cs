using System.Data.Common;
using Analytics.Application;
using Analytics.Bench.Engines;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Dapper;

namespace Analytics.Bench;

/// <summary>A migrated temporary database and the services that write to it. Disposing drops it.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const int CommandTimeoutSeconds = 600;

    private readonly NewDatabase _database;
    private readonly ServiceProvider _services;

    private Database(NewDatabase database)
    {
        _database = database;
        _services = new ServiceCollection().AddSingleton(TimeProvider.System).AddDatabase(database.Settings).AddIngestion()
            .BuildServiceProvider();
    }

    public DatabaseSettings Settings => _database.Settings;

    public static async Task<Database> CreateAsync(IEngine engine, CancellationToken cancellationToken)
    {
        var database = new Database(await engine.CreateDatabaseAsync(cancellationToken));
        try
        {
            await new Migrator(database.Settings).MigrateAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        await Get<DbDataSource>().OpenConnectionAsync(cancellationToken);

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await connection.ExecuteAsync(Command(sql, cancellationToken));
    }

    public async Task<long> CountAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return await connection.QuerySingleAsync<long>(Command(sql, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DropAsync();
    }

    private static CommandDefinition Command(string sql, CancellationToken cancellationToken) =>
        new(sql, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellationToken);
}
