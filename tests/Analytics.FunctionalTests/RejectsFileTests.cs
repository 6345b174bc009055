using System.Runtime.Versioning;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Analytics.FunctionalTests;

/// <summary>An import never overwrites a file by mistake.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class RejectsFileTests() : DatabaseFixture(DatabaseEngine.Sqlite)
{
    private CommandLine CommandLine => new(Database.Settings);

    [Test]
    public async Task Rejects_file_that_exists_is_replaced_only_with_force([Values] bool isLink)
    {
        await Database.AddOrganisationAsync(1, 10);
        var tasks = await WriteAsync("tasks.json", "no task\n");
        var existing = await WriteAsync("precious.txt", "precious, and longer than what an import of this file rejects");
        var path = isLink ? File.CreateSymbolicLink(Database.GetFilePath("link"), existing).FullName : existing;

        var refused = await CommandLine.RunAsync(["import", "tasks", tasks, "--rejects", path]);
        var afterwards = await File.ReadAllTextAsync(existing);
        var forced = await CommandLine.RunAsync(["import", "tasks", tasks, "--rejects", path, "--force"]);

        Assert.That((refused.ExitCode, refused.StandardError.Trim()),
            Is.EqualTo((1, "--rejects names a file that exists: name another one, or add --force to replace it.")));
        Assert.That(afterwards, Does.StartWith("precious"));
        Assert.That(forced.ExitCode, Is.EqualTo(2), forced.StandardError);
        Assert.That(await File.ReadAllTextAsync(existing), Does.StartWith("line 1: ").And.Not.Contain("longer"));
    }

    [Test]
    public async Task Rejects_file_is_never_a_database([Values] bool isLink)
    {
        await Database.AddOrganisationAsync(1, 10);
        var tasks = await WriteAsync("tasks.json", "no task\n");
        var sqlite = Database.GetFilePath("other.db");
        await using (var connection = new SqliteConnection($"Data Source={sqlite};Pooling=False"))
        {
            await connection.ExecuteAsync("CREATE TABLE kept (n INTEGER)");
        }

        var content = await File.ReadAllBytesAsync(sqlite);
        var path = isLink ? File.CreateSymbolicLink(Database.GetFilePath("link"), sqlite).FullName : sqlite;
        var output = await CommandLine.RunAsync(["import", "tasks", tasks, "--rejects", path, "--force"]);

        Assert.That((output.ExitCode, output.StandardError.Trim()), Is.EqualTo((1, "--rejects names a database.")));
        Assert.That(await File.ReadAllBytesAsync(sqlite), Is.EqualTo(content));
    }

    [Test]
    public async Task Rejects_file_is_never_a_part_of_a_database([Values("-wal", "-shm", "-journal")] string suffix)
    {
        await Database.AddOrganisationAsync(1, 10);
        var tasks = await WriteAsync("tasks.json", "no task\n");
        await WriteAsync("other.db", "");
        var part = Database.GetFilePath($"other.db{suffix}");
        var missing = await ImportAsync(part);
        await File.WriteAllTextAsync(part, "committed");
        var link = File.CreateSymbolicLink(Database.GetFilePath("link"), part).FullName;

        var outputs = new[] { missing, await ImportAsync(part), await ImportAsync(link) };

        Assert.That(outputs.Select(output => (output.ExitCode, output.StandardError.Trim())),
            Is.All.EqualTo((1, "--rejects names a file that SQLite keeps beside a database.")));
        Assert.That(await File.ReadAllTextAsync(part), Is.EqualTo("committed"));

        Task<CommandResult> ImportAsync(string path) => CommandLine.RunAsync(["import", "tasks", tasks, "--rejects", path, "--force"]);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task Rejects_file_is_readable_by_its_owner_only_and_may_be_a_device()
    {
        await Database.AddOrganisationAsync(1, 10);
        var tasks = await WriteAsync("tasks.json", "no task\n");
        var path = Database.GetFilePath("rejects.txt");

        var output = await CommandLine.RunAsync(["import", "tasks", tasks, "--rejects", path]);
        var discarded = await CommandLine.RunAsync(["import", "tasks", tasks, "--rejects", "/dev/null"]);

        Assert.That((output.ExitCode, discarded.ExitCode), Is.EqualTo((2, 2)), discarded.StandardError);
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        await File.WriteAllTextAsync(Database.GetFilePath(name), text);
        return Database.GetFilePath(name);
    }
}
