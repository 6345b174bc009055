using Analytics.Application.Storage;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Analytics.FunctionalTests;

/// <summary>What is specific to a database that is a file.</summary>
internal sealed class SqliteFileTests() : DatabaseFixture(DatabaseEngine.Sqlite)
{
    [Test]
    public async Task Connections_use_full_synchronous_and_wal_mode()
    {
        await using var transaction = await Database.GetService<ITaskStore>().BeginAsync(CancellationToken.None);
        Assert.That(await transaction.QueryAsync<long>("PRAGMA synchronous", new { }, CancellationToken.None), Is.EqualTo(new[] { 2L }),
            "FULL");
        Assert.That(await transaction.QueryAsync<string>("PRAGMA journal_mode", new { }, CancellationToken.None),
            Is.EqualTo(new[] { "wal" }));
    }

    [Test]
    public async Task Query_that_times_out_is_interrupted_and_its_connection_stays_usable()
    {
        const string EndlessSql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        var failure = Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteScalarAsync<long>(EndlessSql, commandTimeout: 1));

        Assert.That(failure!.SqliteErrorCode, Is.EqualTo(SQLitePCL.raw.SQLITE_INTERRUPT));
        Assert.That(await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tasks"), Is.Zero);
    }

    [TestCase(0, 3), TestCase(-1, 3), TestCase(1, 1), TestCase(30, 3)]
    public async Task Default_timeout_of_0_leaves_the_services_own_limit(int given, int expected)
    {
        const string SlowSql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT COUNT(*) FROM n";
        await using var database = new SqliteDatabase(Database.Settings with { ConnectionString = $"{Database.Settings.ConnectionString};Default Timeout={given}" });
        await using var connection = await database.OpenConnectionAsync();

        Assert.That(await connection.ExecuteScalarAsync<long>(SlowSql), Is.EqualTo(100_000));
        Assert.That(new SqliteConnectionStringBuilder(database.ConnectionString).DefaultTimeout, Is.EqualTo(expected));
    }

    [Test]
    public async Task Copied_file_without_wal_mode_is_rejected_until_migrated()
    {
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("VACUUM INTO @path", new { path = Database.GetFilePath("copy.db") });
        }

        var copy = CreateCommandLine(Database.GetFilePath("copy.db"));
        Assert.That((await copy.RunAsync(["verify"])).StandardError, Does.Contain("analytics migrate"));
        Assert.That((await copy.RunAsync(["migrate"])).StandardOutput.Trim(), Is.EqualTo("The database is up to date."));
        Assert.That((await copy.RunAsync(["verify"])).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Migrate_creates_the_missing_folder()
    {
        var migrated = await CreateCommandLine(Database.GetFilePath("deep/fresh.db")).RunAsync(["migrate"]);
        Assert.That((migrated.ExitCode, File.Exists(Database.GetFilePath("deep/fresh.db"))), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task Missing_or_corrupted_file_fails_with_an_actionable_message()
    {
        var missing = await CreateCommandLine(Database.GetFilePath("missing.db")).RunAsync(["verify"]);
        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.StandardError, Does.Contain("ConnectionStrings:Analytics").And.Contain("analytics migrate"));

        await File.WriteAllTextAsync(Database.GetFilePath("broken.db"), new string('x', 5_000));
        foreach (var command in new[] { "verify", "migrate" })
        {
            var output = await CreateCommandLine(Database.GetFilePath("broken.db")).RunAsync([command]);
            Assert.That((output.ExitCode, output.StandardError.Trim()),
                Is.EqualTo((1, "ConnectionStrings:Analytics names a file that cannot be read as a database of Sqlite.")), command);
        }
    }

    private static CommandLine CreateCommandLine(string file) => new(new DatabaseSettings(DatabaseEngine.Sqlite, $"Data Source={file}"));
}
