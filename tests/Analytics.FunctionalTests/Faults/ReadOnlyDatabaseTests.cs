using System.Data.Common;
using System.Diagnostics;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.FunctionalTests.Faults;

/// <summary>
/// Connections that were opened while the database was read-only stay so. They are not used once it can be written again.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Postgres))]
internal sealed class PostgresReadOnlyTests(DatabaseEngine engine)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Read_only_database_serves_reads_and_accepts_pushes_as_soon_as_it_is_not()
    {
        await using var service = await Acme.StartServiceAsync(engine, ("Logging:LogLevel:Default", "None"));
        var before = await service.SendAsync();

        await SetReadOnlyAsync(service, isReadOnly: true);
        await Eventually.TrueAsync(async () => (await service.SendAsync("/health/ready")).Body == """{"status":"read_only"}""");
        var pushes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => service.PushAsync(new NativeTask($"during {i}"))));
        await Eventually.TrueAsync(async () => (await service.SendAsync()).Status == 200);
        var during = await service.SendAsync();
        Assert.That(new Migrator(service.Database).RequireCurrent, Throws.Nothing, "Another instance can start");
        var health = await new CommandLine(service.Database).RunAsync(["health", "--url", $"{service.Address}"]);

        await SetReadOnlyAsync(service, isReadOnly: false);
        var endedAt = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(async () => (await service.PushAsync(new NativeTask("after"))).Status == 200);
        var recovery = Stopwatch.GetElapsedTime(endedAt);
        await Eventually.TrueAsync(async () => (await service.SendAsync("/health/ready")).Body == """{"status":"ready"}""");

        Assert.That(pushes.Select(push => (push.Status, push["Retry-After"])), Is.All.EqualTo((503, "1")));
        Assert.That((during.Status, during.Body, during["ETag"]), Is.EqualTo((200, before.Body, before["ETag"])));
        Assert.That((health.ExitCode, health.StandardOutput.Trim()), Is.EqualTo((0, "The service is ready; its database is read-only.")));
        Assert.That(recovery, Is.LessThan(Promised));
    }

    // For new connections. The service's present ones end with the beginning, as in a restart of the server.
    private static async Task SetReadOnlyAsync(AnalyticsService service, bool isReadOnly)
    {
        var database = new NpgsqlConnectionStringBuilder(service.Database.ConnectionString) {
            Pooling = false, Options = "-c default_transaction_read_only=off" };
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.ExecuteAsync(
            $"ALTER DATABASE {database.Database} SET default_transaction_read_only = {(isReadOnly ? "on" : "off")}");
        if (isReadOnly)
        {
            await connection.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }
}

/// <summary>The same on SQLite, where a connection is read-only if the file was when it was opened.</summary>
internal sealed class SqliteReadOnlyTests
{
    [Test]
    public async Task Pooled_connection_that_is_read_only_does_not_fail_a_push()
    {
        await using var service = await Acme.StartServiceAsync();
        await using (var pooled = (SqliteConnection)service.Services.GetRequiredService<DbDataSource>().CreateConnection())
        {
            // As if opened while the file was read-only, which it never is for root.
            await pooled.ExecuteAsync("PRAGMA query_only = ON");
        }

        Assert.That((await service.PushAsync(new NativeTask("second"))).Status, Is.EqualTo(200));
    }
}
