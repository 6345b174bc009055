using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Faults;

/// <summary>A service killed at any time has lost no acknowledged write, and written no push partially.</summary>
internal sealed class KilledServiceTests
{
    private const int Writers = 4;

    // When it is killed, a service has acknowledged some pushes and is processing others.
    private const int MaxKillDelayMilliseconds = 100;

    // Two databases in parallel, as a starting service does not use the whole machine.
    [TestCaseSource(typeof(TestEngines), nameof(TestEngines.Configured))]
    public Task Killed_service_loses_no_acknowledged_write(DatabaseEngine engine) =>
        Task.WhenAll(Enumerable.Range(0, 2).Select(
            _ => KillRepeatedlyAsync(engine, kills: engine == DatabaseEngine.Sqlite ? TestDepth.Select(2, 25) : TestDepth.Select(2, 5))));

    private static async Task KillRepeatedlyAsync(DatabaseEngine engine, int kills)
    {
        var ledger = new PushRecorder();
        await using var database = await Acme.CreateDatabaseAsync(engine);
        var pushesWithoutResponse = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            pushesWithoutResponse += await KillDuringWritesAsync(database, ledger);
        }

        await using var service = AnalyticsService.Start(database);
        await ledger.AssertConsistentAsync(service.Address);
        Assert.That(await service.VerifyAsync(), Has.Count.EqualTo(1).And.All.Property("IsClean").True);
        Assert.That(new[] { ledger.AcknowledgedPushCount, pushesWithoutResponse }, Is.All.GreaterThan(kills),
            "The service was killed during pushes");
    }

    // Runs a service until it is killed. Returns the number of pushes without a response.
    private static async Task<int> KillDuringWritesAsync(ScratchDatabase database, PushRecorder ledger)
    {
        using var service = ServiceProcess.StartWithDatabase(database);
        using var killed = new CancellationTokenSource();
        var address = await service.WaitForAddressAsync();
        var before = ledger.AcknowledgedPushCount;

        var writers = Enumerable.Range(0, Writers).Select(writer => PushUntilKilledAsync(address, ledger, writer, killed.Token)).ToList();
        await Eventually.TrueAsync(() => ledger.AcknowledgedPushCount > before || writers.Exists(writer => writer.IsCompleted));
        await Task.Delay(Random.Shared.Next(MaxKillDelayMilliseconds));
        await killed.CancelAsync();
        await service.KillAsync();
        return (await Task.WhenAll(writers)).Sum();
    }

    private static async Task<int> PushUntilKilledAsync(Uri service, PushRecorder ledger, int writer, CancellationToken killed)
    {
        while (!killed.IsCancellationRequested)
        {
            try
            {
                // On a busy machine a service that has just started may time out.
                Assert.That((await ledger.PushNextAsync(service, writer)).Status, Is.EqualTo(200).Or.EqualTo(503));
            }
            catch (Exception exception) when (killed.IsCancellationRequested && exception is not AssertionException)
            {
                return 1;
            }
        }

        return 0;
    }
}
