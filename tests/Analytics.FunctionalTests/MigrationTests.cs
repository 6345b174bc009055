using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Migrations are idempotent and safe to run concurrently.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class MigrationTests(DatabaseEngine engine)
{
    private ScratchDatabase _database = null!;
    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task CreateDatabase()
    {
        _database = await ScratchDatabase.CreateEmptyAsync(engine);
        _commandLine = new CommandLine(_database.Settings);
    }

    [TearDown]
    public async Task DropDatabase() => await _database.DisposeAsync();

    [Test]
    public async Task Concurrent_migrations_apply_each_script_once()
    {
        var outputs = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => i < 2 ? _commandLine.RunProcessAsync(["migrate"]) : _commandLine.RunAsync(["migrate"])));

        Assert.That(outputs.Select(output => output.ExitCode), Is.All.Zero, string.Concat(outputs.Select(output => output.StandardError)));
        Assert.That(outputs.Count(output => output.StandardOutput
            .Contains($"{TestEngines.CountMigrations(engine)} migrations applied", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Second_migration_applies_nothing()
    {
        var migrator = new Migrator(_database.Settings);

        Assert.That((await migrator.MigrateAsync(CancellationToken.None), await migrator.MigrateAsync(CancellationToken.None)),
            Is.EqualTo((TestEngines.CountMigrations(engine), 0)));
        Assert.That(migrator.RequireCurrent, Throws.Nothing);
    }

    [Test]
    public void Empty_database_is_rejected_with_hint_to_migrate() =>
        Assert.That(new Migrator(_database.Settings).RequireCurrent,
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("analytics migrate"));

    [Test]
    public async Task Database_of_an_earlier_build_is_rejected_with_one_sentence()
    {
        var migrator = new Migrator(_database.Settings);
        await migrator.MigrateAsync(CancellationToken.None);
        await using (var services = new ServiceCollection().AddDatabase(_database.Settings).BuildServiceProvider())
        await using (var connection = await services.GetRequiredService<DbDataSource>().OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE schema_migrations SET checksum = 'of an earlier build' WHERE version = '1'");
        }

        const string Sentence = @"^[^.]*was created by an earlier build[^.]*\.$";
        Assert.That(migrator.RequireCurrent, Throws.TypeOf<ConfigurationException>().With.Message.Matches(Sentence));
        Assert.That(() => migrator.MigrateAsync(CancellationToken.None),
            Throws.TypeOf<ConfigurationException>().With.Message.Matches(Sentence));
    }
}

/// <summary>Only PostgreSQL leaves an index behind when its creation is interrupted.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Postgres))]
internal sealed class InterruptedMigrationTests(DatabaseEngine engine)
{
    private ScratchDatabase _database = null!;

    [SetUp]
    public async Task CreateDatabase() => _database = await ScratchDatabase.CreateEmptyAsync(engine);

    [TearDown]
    public async Task DropDatabase() => await _database.DisposeAsync();

    [Test]
    public async Task Invalid_index_of_an_interrupted_migration_is_dropped()
    {
        var migrator = new Migrator(_database.Settings);
        await migrator.MigrateAsync(CancellationToken.None);
        await using var services = new ServiceCollection().AddDatabase(_database.Settings).BuildServiceProvider();
        await using var connection = await services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(
            "CREATE INDEX half_built ON tasks (label); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'half_built'::regclass");

        await migrator.MigrateAsync(CancellationToken.None);

        Assert.That(await connection.ExecuteScalarAsync<bool>(
            "SELECT to_regclass('half_built') IS NULL AND to_regclass('tasks_by_time') IS NOT NULL"));
    }
}
