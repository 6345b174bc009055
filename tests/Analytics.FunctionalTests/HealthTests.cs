using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>Liveness and readiness.</summary>
internal sealed class HealthTests : AcmeFixture
{
    [TestCase("live"), TestCase("ready")]
    public async Task Healthy_service_returns_200_without_token(string probe)
    {
        var reply = await Service.SendAsync($"/health/{probe}");

        Assert.That((reply.Status, reply.Body, reply["Cache-Control"]), Is.EqualTo((200, $$"""{"status":"{{probe}}"}""", "no-store")));
    }

    [TestCase("live"), TestCase("ready")]
    public async Task Unsupported_method_returns_405(string probe)
    {
        var reply = await Service.SendAsync($"/health/{probe}", "DELETE");

        Assert.That((reply.Status, reply.Message, reply["Allow"]), Is.EqualTo((405, "Method not allowed.", "GET, HEAD")));
    }

    [Test]
    public async Task Service_without_database_is_live_but_not_ready()
    {
        await using var service = await Acme.StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var live = await service.SendAsync("/health/live");
        var ready = await service.SendAsync("/health/ready");

        Assert.That((live.Status, ready.Status, ready.Message), Is.EqualTo((200, 503, "Service temporarily unavailable.")));
        Assert.That(ready["Retry-After"], Is.Not.Null);
    }

    [Test]
    public async Task Health_command_reports_readiness_by_text_and_exit_code()
    {
        await using var service = await Acme.StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var ready = await RunHealthCommandAsync(Service.Address);
        var notReady = await RunHealthCommandAsync(service.Address);
        var down = await RunHealthCommandAsync(new Uri("http://127.0.0.1:1"));

        Assert.That((ready.ExitCode, ready.StandardOutput.Trim()), Is.EqualTo((0, "The service is ready.")));
        Assert.That((notReady.ExitCode, notReady.StandardOutput.Trim()), Is.EqualTo((1, "The service is not ready: 503.")));
        Assert.That(down.ExitCode, Is.EqualTo(1));
        Assert.That(down.StandardError, Does.StartWith("The service does not respond at http://127.0.0.1:1/: ").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Readiness_probes_the_database_at_most_once_a_second()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service =
            await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services => services.AddSingleton<TimeProvider>(clock));
        var healthy = await service.SendAsync("/health/ready");
        File.Delete(service.DatabaseFile);

        clock.Advance(TimeSpan.FromMilliseconds(999));
        var soon = await service.SendAsync("/health/ready");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var later = await service.SendAsync("/health/ready");

        Assert.That((healthy.Status, soon.Status, later.Status), Is.EqualTo((200, 200, 503)));
    }

    [Test]
    public async Task Result_of_a_slow_probe_is_cached_from_its_end()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services =>
        {
            ObservedDataSource.Install(services);
            services.AddSingleton<TimeProvider>(clock);
        });
        var database = (ObservedDataSource)service.Services.GetRequiredService<DbDataSource>();
        var opened = database.OpenedConnections;
        var slowServer = new TaskCompletionSource();
        database.BeforeOpen = slowServer.Task;

        var slow = service.SendAsync("/health/ready");
        await Eventually.TrueAsync(() => Task.FromResult(database.OpenedConnections == opened + 1));
        clock.Advance(TimeSpan.FromSeconds(2));
        slowServer.SetResult();
        var statuses = ((await slow).Status, (await service.SendAsync("/health/ready")).Status);

        Assert.That((statuses, database.OpenedConnections - opened), Is.EqualTo(((200, 200), 1)));
    }

    [Test]
    public async Task Pool_of_a_read_only_database_is_cleared_at_once_and_then_at_most_every_5_seconds()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            ObservedTaskStore.Install(services);
        });
        var store = ObservedTaskStore.Of(service);

        store.IsReadOnly = true;
        var firstClears = await ProbeAsync(seconds: 1);
        var laterClears = await ProbeAsync(seconds: 11);
        store.IsReadOnly = false;
        var clearsWhenReady = await ProbeAsync(seconds: 1);
        store.IsReadOnly = true;
        var clearsOfNextChange = await ProbeAsync(seconds: 1);

        Assert.That((firstClears, laterClears, clearsWhenReady, clearsOfNextChange), Is.EqualTo((1, 2, 0, 1)));

        async Task<int> ProbeAsync(int seconds)
        {
            var before = store.ClearedPools;
            for (var second = 0; second < seconds; second++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await service.SendAsync("/health/ready");
            }

            return store.ClearedPools - before;
        }
    }

    private Task<CommandResult> RunHealthCommandAsync(Uri address) =>
        new CommandLine(Service.Database).RunAsync(["health", "--url", $"{address}"]);
}
