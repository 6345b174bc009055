using System.Diagnostics;
using Analytics.FunctionalTests.Support;
using Npgsql;

namespace Analytics.FunctionalTests.Faults;

/// <summary>A connection string that names a standby and its primary: the service uses the primary, whichever it is.</summary>
[NonParallelizable]
internal sealed class PostgresFailoverTests
{
    // With the default timeouts, and a second for a busy machine.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(6);

    [TestCase(false), TestCase(true)]
    public async Task Service_uses_the_primary_and_follows_it_to_the_standby(bool isFrozen)
    {
        await using var primary = await PostgresServer.CreateAsync();
        await using var database = await ScratchDatabase.CreateAsync(primary);
        await using var standby = await primary.CreateStandbyAsync();
        await using var service = AnalyticsService.Start(
            database, ("ConnectionStrings:Analytics", CreateConnectionString(database, standby, primary)),
            ("Timeouts:RequestSeconds", null), ("Logging:LogLevel:Default", "None"));
        await service.AddAcmeAsync();

        await standby.PauseReplayAsync();
        var pushed = await service.PushAsync(new NativeTask("before"));
        var read = await service.SendAsync();
        Assert.That((pushed.Status, ResponseRows.GetTotalTasks(read)), Is.EqualTo((200, 1)), "The standby lags behind");

        await standby.ResumeReplayAsync(primary);
        await (isFrozen ? primary.SuspendAsync() : primary.StopImmediatelyAsync());
        try
        {
            var during =
                (await service.PushAsync(new NativeTask("during")), await service.SendAsync(), await service.SendAsync("/health/ready"));
            Assert.That((during.Item1.Status, during.Item2.Status, during.Item3.Status), Is.EqualTo((503, 503, 503)), "No primary");

            await standby.PromoteAsync();
            var promotedAt = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync(async () => (await service.PushAsync(new NativeTask("after"))).Status == 200);
            var after = await service.SendAsync();

            Assert.That(Stopwatch.GetElapsedTime(promotedAt), Is.LessThan(Promised));
            Assert.That((after.Status, ResponseRows.GetTotalTasks(after)), Is.EqualTo((200, 2)));
            Assert.That((await service.SendAsync("/health/ready")).Body, Is.EqualTo("""{"status":"ready"}"""));

            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 5; i++)
            {
                Assert.That((await service.PushAsync(new NativeTask($"later {i}"))).Status, Is.EqualTo(200));
            }

            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Promised), "No request waits for the old primary");
        }
        finally
        {
            // The database is dropped on it.
            await (isFrozen ? primary.ResumeAsync() : primary.StartAsync());
        }
    }

    private static string CreateConnectionString(ScratchDatabase database, params IEnumerable<PostgresServer> servers)
    {
        var hosts = servers.Select(server => new NpgsqlConnectionStringBuilder(server.ConnectionString))
            .Select(server => $"{server.Host}:{server.Port}");
        return new NpgsqlConnectionStringBuilder(database.Settings.ConnectionString) { Host = string.Join(',', hosts) }.ConnectionString;
    }
}
