using System.Data.Common;
using System.Runtime.CompilerServices;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Dapper;

namespace Analytics.FunctionalTests;

/// <summary>The owner migrates; the service reads and writes rows, and can do nothing else.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Servers))]
internal sealed class DatabaseRolesTests(DatabaseEngine engine)
{
    private static readonly string[] ExampleFiles = ["organisations.csv", "spaces.csv", "members.csv", "tasks.json"];

    private ScratchDatabase _database = null!;
    private DatabaseRoles _roles = null!;

    [SetUp]
    public async Task CreateDatabase()
    {
        _database = await ScratchDatabase.CreateEmptyAsync(engine);
        _roles = new DatabaseRoles(_database.Settings);
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await _database.DisposeAsync();
        await _roles.DropAsync();
    }

    [Test]
    public async Task Service_role_imports_and_serves_after_owner_migrates()
    {
        await _roles.CreateAsync();
        AssertSucceeded(await new CommandLine(_roles.OwnerSettings).RunAsync(["migrate"]));

        await AssertServesAsync();
        await AssertOnlyOwnerChangesSchemaAsync();
    }

    [Test]
    public async Task Already_migrated_database_is_handed_over_to_the_roles()
    {
        await new Migrator(_database.Settings).MigrateAsync(CancellationToken.None);
        await _roles.CreateAsync();
        AssertSucceeded(await new CommandLine(_roles.OwnerSettings).RunAsync(["migrate"]));

        await AssertServesAsync();
        await AssertOnlyOwnerChangesSchemaAsync();
    }

    [Test]
    public async Task Only_the_owner_role_changes_the_schema_even_after_recreating_roles()
    {
        await _roles.CreateAsync();
        await new Migrator(_roles.OwnerSettings).MigrateAsync(CancellationToken.None);
        await _roles.CreateAsync();

        await AssertOnlyOwnerChangesSchemaAsync();
    }

    [Test]
    public async Task Service_role_cannot_migrate()
    {
        await _roles.CreateAsync();

        Assert.That(new Migrator(_roles.ServiceSettings).RequireCurrent,
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("analytics migrate"));
        Assert.That((await new CommandLine(_roles.ServiceSettings).RunAsync(["migrate"])).ExitCode, Is.EqualTo(1));
        Assert.That(await new Migrator(_roles.OwnerSettings).MigrateAsync(CancellationToken.None),
            Is.EqualTo(TestEngines.CountMigrations(engine)));
    }

    private async Task AssertServesAsync()
    {
        var commands = new CommandLine(_roles.ServiceSettings);
        foreach (var fileName in ExampleFiles)
        {
            AssertSucceeded(await commands.RunAsync(["import", fileName.Split('.')[0], GetExamplePath(fileName)]));
        }

        AssertSucceeded(await commands.RunAsync(["verify"]));

        (string, string)[] settings = [("Database:Engine", $"{engine}"),
            ("ConnectionStrings:Analytics", _roles.ServiceSettings.ConnectionString), ("Jwt:SigningKeys:0", Tokens.SigningKey)];
        using var service = new ServiceProcess(Directory.CreateDirectory(_database.GetFilePath("service")), "Production", settings);
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Now listening on"));
        var reply = await RawHttp.SendAsync(address, "GET", AnalyticsRequest.AnalyticsPath,
            [("Authorization", Tokens.CreateAuthorization(7)), ("Org-Handle", "acme.example")]);
        await service.KillAsync();

        Assert.That(reply.Body, Does.StartWith("{\"status_code\":200,").And.Contain("\"total_tasks\":4,"));
    }

    private async Task AssertOnlyOwnerChangesSchemaAsync()
    {
        await using var owner = DatabaseRoles.Connect(_roles.OwnerSettings);
        await using var service = DatabaseRoles.Connect(_roles.ServiceSettings);
        foreach (var sql in new[] {
            "UPDATE schema_migrations SET checksum = 'x'", "DELETE FROM schema_migrations WHERE version = '-1'",
            "CREATE TABLE extra (id int)", "ALTER TABLE tasks ADD extra int", "TRUNCATE TABLE tasks", "DROP TABLE tasks" })
        {
            Assert.That(() => service.ExecuteAsync(sql), Throws.InstanceOf<DbException>(), sql);
            Assert.That(() => owner.ExecuteAsync(sql), Throws.Nothing, sql);
        }
    }

    private static void AssertSucceeded(CommandResult output) => Assert.That(output.ExitCode, Is.Zero, output.StandardError);

    private static string GetExamplePath(string name, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../../build/examples", name);
}
