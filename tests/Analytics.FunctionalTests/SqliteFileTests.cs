using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

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
        var connectionString = $"{Database.Settings.ConnectionString};Default Timeout={given}";
        await using var database = new SqliteDatabase(Database.Settings with { ConnectionString = connectionString });
        await using var connection = await database.OpenConnectionAsync();

        Assert.That(await connection.ExecuteScalarAsync<long>(SlowSql), Is.EqualTo(100_000));
        Assert.That(new SqliteConnectionStringBuilder(database.ConnectionString).DefaultTimeout, Is.EqualTo(expected));
    }

    [Test]
    public async Task Connection_that_is_disposed_twice_is_rented_once()
    {
        var first = await Database.DataSource.OpenConnectionAsync();
        await first.ExecuteAsync("CREATE TEMP TABLE mark (n INTEGER)");
        await first.DisposeAsync();
        await using var second = await Database.DataSource.OpenConnectionAsync();
        await first.DisposeAsync();
        await using var third = await Database.DataSource.OpenConnectionAsync();

        Assert.That((await HasMarkAsync(second), await HasMarkAsync(third)), Is.EqualTo((true, false)));
        Assert.That(() => first.CreateCommand(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Connection_that_is_never_disposed_is_not_rented_again()
    {
        var leaked = await LeakConnectionAsync();
        for (var collection = 0; collection < 3; collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(leaked.IsAlive, Is.False);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        Assert.That(await HasMarkAsync(connection), Is.False);
    }

    [TestCase("BEGIN TRANSACTION"), TestCase("SELECT 1 FROM sqlite_schema")]
    public async Task Connection_with_an_open_transaction_or_reader_is_not_rented_again(string sql)
    {
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("CREATE TEMP TABLE mark (n INTEGER)");
            var command = connection.CreateCommand();
            command.CommandText = sql;
            await (await command.ExecuteReaderAsync()).ReadAsync();
        }

        await using var next = await Database.DataSource.OpenConnectionAsync();
        Assert.That(await HasMarkAsync(next), Is.False);
    }

    [Test]
    public async Task Connections_are_kept_after_a_checkpoint_and_dropped_after_a_replacement()
    {
        var file = new SqliteConnectionStringBuilder(Database.Settings.ConnectionString).DataSource;
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("CREATE TEMP TABLE mark (n INTEGER); CREATE TABLE main.written (n INTEGER)");
            await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            Assert.That(await HasMarkAsync(connection));
        }

        File.Copy(file, $"{file}.new");
        File.Move($"{file}.new", file, overwrite: true);
        await using var reopened = await Database.DataSource.OpenConnectionAsync();
        Assert.That(await HasMarkAsync(reopened), Is.False);
    }

    [Test]
    public async Task Writer_uses_the_file_that_replaced_the_previous_one()
    {
        var file = new SqliteConnectionStringBuilder(Database.Settings.ConnectionString).DataSource;
        await Database.AddOrganisationAsync(1, 10);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        File.Copy(file, $"{file}.new");
        File.Move($"{file}.new", file, overwrite: true);
        await using (var transaction = await Database.GetService<ITaskStore>().BeginAsync(CancellationToken.None))
        {
            await transaction.ExecuteAsync("UPDATE spaces SET name = 'new'", new { }, CancellationToken.None);
            await transaction.CommitAsync();
        }

        await using var direct = new SqliteConnection($"Data Source={file};Pooling=False");
        Assert.That(await direct.ExecuteScalarAsync<string>("SELECT name FROM spaces"), Is.EqualTo("new"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Waiting_writer_of_another_process_goes_before_the_next_batch(CancellationToken cancellationToken)
    {
        await using var otherServices = new ServiceCollection().AddDatabase(Database.Settings).BuildServiceProvider();
        var importer = Database.GetService<ITaskStore>();
        var batch = await importer.BeginAsync(cancellationToken);
        var waiting = Task.Run(() => otherServices.GetRequiredService<ITaskStore>().BeginAsync(cancellationToken), cancellationToken);
        while (!IsSomeoneWaiting())
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        await batch.DisposeAsync();

        // SQLite's driver blocks the thread that waits for the lock.
        var nextBatch = Task.Run(() => importer.BeginAsync(cancellationToken), cancellationToken);

        Assert.That(await Task.WhenAny(waiting, nextBatch), Is.SameAs(waiting));
        await (await waiting).DisposeAsync();
        await (await nextBatch).DisposeAsync();
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
    [Platform(Exclude = "Win")]
    public async Task Created_files_and_folders_are_private_and_existing_ones_keep_their_mode()
    {
        const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;
        var existing = Directory.CreateDirectory(Database.GetFilePath("existing"));
        var modeBefore = existing.UnixFileMode;
        var file = Path.Combine(existing.FullName, "new/deep/fresh.db");
        await CreateCommandLine(file).RunAsync(["migrate"]);

        await using var services = new ServiceCollection()
            .AddDatabase(new DatabaseSettings(DatabaseEngine.Sqlite, $"Data Source={file}")).BuildServiceProvider();
        await using var transaction = await services.GetRequiredService<ITaskStore>().BeginAsync(CancellationToken.None);
        await transaction.ExecuteAsync("UPDATE spaces SET name = 'new'", new { }, CancellationToken.None);
        existing.Refresh();

        Assert.That(existing.UnixFileMode, Is.EqualTo(modeBefore).And.Not.EqualTo(PrivateFolder));
        Assert.That(existing.EnumerateDirectories("*", SearchOption.AllDirectories).Select(folder => (folder.Name, folder.UnixFileMode)),
            Is.EquivalentTo(new[] { ("new", PrivateFolder), ("deep", PrivateFolder) }));
        Assert.That(existing.EnumerateFiles("*", SearchOption.AllDirectories).Select(created => (created.Name, created.UnixFileMode)),
            Is.EquivalentTo(new[] { "fresh.db", "fresh.db-wal", "fresh.db-shm", "fresh.db.migrating", "fresh.db.writing" }
                .Select(name => (name, PrivateFile))));
    }

    [Test]
    public async Task Read_only_database_serves_reads_rejects_pushes_and_creates_no_lock_file()
    {
        await using var writable = await Acme.StartServiceAsync();
        var before = await writable.SendAsync();
        var readOnly = $"Data Source={writable.DatabaseFile};Mode=ReadOnly";
        await using var service = await AnalyticsService.StartAsync(("ConnectionStrings:Analytics", readOnly));
        var lockFile = $"{writable.DatabaseFile}.writing";
        File.Delete(lockFile);

        var read = await service.SendAsync();
        var push = await service.PushAsync(new NativeTask("new"));
        var ready = await service.SendAsync("/health/ready");
        var migration = await new CommandLine(new DatabaseSettings(DatabaseEngine.Sqlite, readOnly)).RunAsync(["migrate"]);

        Assert.That((read.Status, read.Body), Is.EqualTo((200, before.Body)));
        Assert.That((push.Status, push.Message), Is.EqualTo((503, "Service temporarily unavailable.")));
        Assert.That(ready.Status, Is.EqualTo(200));
        Assert.That(migration.StandardError, Does.StartWith("ConnectionStrings:Analytics has Mode=ReadOnly"));
        Assert.That(File.Exists(lockFile), Is.False);
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

    // The writer that waits for SQLite's lock has this file open.
    private bool IsSomeoneWaiting()
    {
        try
        {
            using var file = new FileStream(
                $"{new SqliteConnectionStringBuilder(Database.Settings.ConnectionString).DataSource}.writing",
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // The temporary table is one of the connection, so it tells whether another rental has the same one.
    private static async Task<bool> HasMarkAsync(DbConnection connection) =>
        await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM sqlite_temp_schema WHERE name = 'mark'") == 1;

    private async Task<WeakReference> LeakConnectionAsync()
    {
        var connection = await Database.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("CREATE TEMP TABLE mark (n INTEGER)");
        return new WeakReference(connection);
    }

    private static CommandLine CreateCommandLine(string file) => new(new DatabaseSettings(DatabaseEngine.Sqlite, $"Data Source={file}"));
}
