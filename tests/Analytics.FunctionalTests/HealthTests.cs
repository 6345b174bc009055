using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>Whether to restart the service, and whether to send it requests.</summary>
internal sealed class HealthTests : AcmeFixture
{
    [TestCase("live"), TestCase("ready")]
    public async Task AHealthyServiceSaysSoToAnyone(string what)
    {
        var reply = await Service.AskAsync($"/health/{what}");

        Assert.That((reply.Status, reply.Body, reply["Cache-Control"]), Is.EqualTo((200, $$"""{"status":"{{what}}"}""", "no-store")));
    }

    [TestCase("live"), TestCase("ready")]
    public async Task NothingElseMayBeDoneWithIt(string what)
    {
        var reply = await Service.AskAsync($"/health/{what}", "DELETE");

        Assert.That((reply.Status, reply.Message, reply["Allow"]), Is.EqualTo((405, "Method not allowed.", "GET, HEAD")));
    }

    [Test]
    public async Task WithoutItsDatabaseTheServiceIsLiveAndNotReady()
    {
        await using var service = await Acme.StartAsync();
        File.Delete(service.DatabaseFile);

        var live = await service.AskAsync("/health/live");
        var ready = await service.AskAsync("/health/ready");

        Assert.That((live.Status, ready.Status, ready.Message), Is.EqualTo((200, 503, "Service temporarily unavailable.")));
        Assert.That(ready["Retry-After"], Is.Not.Null);
    }

    [Test]
    public async Task TheOperatorsCommandSaysSoToTheShell()
    {
        await using var service = await Acme.StartAsync();
        File.Delete(service.DatabaseFile);

        var ready = await AskByCommandAsync(Service.Address);
        var notReady = await AskByCommandAsync(service.Address);
        var down = await AskByCommandAsync(new Uri("http://127.0.0.1:1"));

        Assert.That((ready.ExitCode, ready.Text.Trim()), Is.EqualTo((0, "The service is ready.")));
        Assert.That((notReady.ExitCode, notReady.Text.Trim()), Is.EqualTo((1, "The service is not ready: 503.")));
        Assert.That(down.ExitCode, Is.EqualTo(1));
        Assert.That(down.Errors, Does.StartWith("The service does not answer: ").And.Not.Contain("   at "));
    }

    [Test]
    public async Task TheDatabaseIsAskedAtMostOnceASecond()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await Acme.StartAsync(DatabaseEngine.Sqlite, parts => parts.AddSingleton<TimeProvider>(clock));
        var healthy = await service.AskAsync("/health/ready");
        File.Delete(service.DatabaseFile);

        clock.Advance(TimeSpan.FromMilliseconds(999));
        var soon = await service.AskAsync("/health/ready");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var later = await service.AskAsync("/health/ready");

        Assert.That((healthy.Status, soon.Status, later.Status), Is.EqualTo((200, 200, 503)));
    }

    private Task<Output> AskByCommandAsync(Uri address) => new CommandLine(Service.Database).RunAsync(["health", "--url", $"{address}"]);
}
