using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Hosting;

/// <summary>The environment and prefixed settings mean the same to the service and to the commands.</summary>
internal sealed class EnvironmentTests
{
    private ScratchDatabase _database = null!;

    [SetUp]
    public async Task CreateDatabaseAsync() => _database = await ScratchDatabase.CreateAsync(DatabaseEngine.Sqlite);

    [TearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    [TestCase("development", null, null), TestCase(null, "Development", null), TestCase(null, null, "Development")]
    [TestCase("Development", "Production", null), TestCase("Production", "Production", "Development")]
    public async Task Argument_precedes_DOTNET_which_precedes_ASPNETCORE(string? dotnet, string? aspNetCore, string? argument)
    {
        string[] arguments = argument is null ? [] : ["--environment", argument];
        var (serviceFolder, commandFolder) = (CreateFolder("service"), CreateFolder("command"));
        using var service = new ServiceProcess(
            serviceFolder, "", arguments, [("DOTNET_ENVIRONMENT", dotnet!), ("ASPNETCORE_ENVIRONMENT", aspNetCore!)]);

        await service.ReadUntilAsync("with the demo loaded");
        var token = await new CommandLine(_database.Settings) { WorkingDirectory = commandFolder.FullName }
            .With("Jwt:SigningKeys:0", null).With("DOTNET_ENVIRONMENT", dotnet).With("ASPNETCORE_ENVIRONMENT", aspNetCore)
            .RunProcessAsync(["token", "--user", "1", .. arguments]);

        Assert.That(token.ExitCode, Is.Zero, token.StandardError);
        Assert.That(File.Exists(Path.Combine(commandFolder.FullName, ".data", "signing-key")));
    }

    [TestCase("ASPNETCORE_"), TestCase("DOTNET_")]
    public async Task Setting_with_a_prefix_is_read_by_both_programs(string prefix)
    {
        (string Key, string Value)[] settings =
        [
            ("ConnectionStrings:Analytics", null!), ("Jwt:SigningKeys:0", null!),
            ($"{prefix}ConnectionStrings:Analytics", _database.Settings.ConnectionString),
            ($"{prefix}Jwt:SigningKeys:0", Tokens.SigningKey),
        ];
        using var service = ServiceProcess.StartWithDatabase(_database, settings);
        var commandLine = settings.Aggregate(
            new CommandLine(_database.Settings), (command, setting) => command.With(setting.Key, setting.Value));

        var list = await commandLine.RunProcessAsync(["organisations", "list"]);
        await service.WaitForAddressAsync();

        Assert.That(list.ExitCode, Is.Zero, list.StandardError);
    }

    private DirectoryInfo CreateFolder(string name) => Directory.CreateDirectory(_database.GetFilePath(name));
}
