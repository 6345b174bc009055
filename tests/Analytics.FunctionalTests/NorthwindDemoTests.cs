using Analytics.Api.Hosting;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>The demo's second organisation and its live calls, by a clock that only the test advances.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class NorthwindDemoTests(DatabaseEngine engine)
{
    private static readonly AnalyticsRequest Request = new()
    {
        Handle = NorthwindData.Handle,
        Authorization = Tokens.CreateAuthorization(DemoData.UserId),
    };

    private readonly LogRecorder _log = new();
    private FakeTimeProvider _clock = null!;
    private AnalyticsService _service = null!;
    private LiveDemo _live = null!;

    private NorthwindData Northwind => _service.Services.GetRequiredService<NorthwindData>();

    private IEnumerable<string> Warnings => _log.GetMessages(nameof(LiveDemo));

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _service = await AnalyticsService.StartAsync(engine, services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton<ILoggerProvider>(_log);
            ObservedTaskStore.Install(services);
        });
        _live = ActivatorUtilities.CreateInstance<LiveDemo>(_service.Services);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _live.StopAsync(CancellationToken.None);
        _live.Dispose();
        await _service.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task Groups_of_the_second_organisation_sum_to_its_calls()
    {
        var error = await Northwind.CreateAsync(CancellationToken.None);
        Assert.That(error, Is.Null);
        var total = await CountCallsAsync();
        Assert.That(total, Is.InRange(5_700, 6_300));

        foreach (var (dimension, groups) in new[] { ("space", 4), ("agent", 6), ("run", 5), ("day_of_week", 7), ("hour_of_day", 24) })
        {
            var rows = (await SendAsync($"group_by={dimension}&start_date={_clock.GetUtcNow().AddDays(-57):yyyy-MM-dd}"))
                .Json["data"]!.GetRows("groups");
            Assert.That(rows, Has.Length.EqualTo(groups), dimension);
            Assert.That(rows.Sum(row => row.GetNumber("call_analytics", "total_calls")), Is.EqualTo(total), dimension);
        }

        var labels = (await SendAsync("group_by=label")).Json["data"]!.GetRows("groups").Select(row => (string)row["label"]!);
        Assert.That(labels, Does.Contain("Voicemail").And.Contain("Wrong Number"));
        Assert.That((await _service.VerifyAsync()).Select(result => result.IsClean), Is.EqualTo(new[] { true }));
    }

    [Test]
    public async Task Live_call_reaches_streams_and_keeps_the_rollups_exact()
    {
        await Northwind.CreateAsync(CancellationToken.None);
        using var stream = await _service.OpenStreamAsync(Request);
        var before = await stream.ReadNextEventAsync();
        await _live.StartAsync(CancellationToken.None);

        var after = stream.ReadNextEventAsync();
        await AdvanceUntilAsync(() => after.IsCompleted);

        Assert.That((await after)!.Id, Is.Not.EqualTo(before!.Id));
        Assert.That((await after)!.Data, Is.Not.EqualTo(before.Data));
        await _live.StopAsync(CancellationToken.None);
        Assert.That((await _service.VerifyAsync()).Select(result => result.IsClean), Is.EqualTo(new[] { true }));
        Assert.That(Warnings, Is.Empty);
    }

    [Test]
    public async Task Live_calls_pause_while_the_database_is_unavailable()
    {
        await Northwind.CreateAsync(CancellationToken.None);
        var before = await CountCallsAsync();
        var store = ObservedTaskStore.Of(_service);
        store.IsUnavailable = true;
        await _live.StartAsync(CancellationToken.None);
        await AdvanceUntilAsync(() => Warnings.Any());
        var (failedAt, transactions) = (_clock.GetUtcNow(), store.Transactions);

        await AdvanceUntilAsync(() => _clock.GetUtcNow() - failedAt >= 3 * LiveDemo.RetryInterval);
        Assert.That(store.Transactions - transactions, Is.InRange(1, 5));
        store.IsUnavailable = false;
        await AdvanceUntilAsync(async () => await CountCallsAsync() > before);

        Assert.That(Warnings.Count(), Is.EqualTo(1), "One warning, however often it retries");
        Assert.That(_live.ExecuteTask!.IsCompleted, Is.False);
    }

    [Test]
    public async Task Database_that_existed_before_gets_no_live_calls()
    {
        await _live.StartAsync(CancellationToken.None);

        await _live.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That((await SendAsync("")).Status, Is.EqualTo(404));
    }

    [TestCase(true, null, 1), TestCase(true, "true", 1), TestCase(true, "false", 0), TestCase(false, null, 0), TestCase(false, "true", 0)]
    public void Live_calls_are_only_those_of_the_demo_and_can_be_turned_off(bool isDemo, string? setting, int services) =>
        Assert.That(
            new ServiceCollection().AddLiveDemo(CreateConfiguration(setting), isDemo)
                .Count(service => service.ServiceType == typeof(IHostedService)),
            Is.EqualTo(services));

    [Test]
    public void Setting_that_is_neither_true_nor_false_is_named() =>
        Assert.That(
            () => new ServiceCollection().AddLiveDemo(CreateConfiguration("maybe"), isDemo: false),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("Demo:Live must be true or false."));

    private static IConfiguration CreateConfiguration(string? setting) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("Demo:Live", setting)]).Build();

    private Task<Reply> SendAsync(string query) => _service.SendAsync(Request with { Query = query });

    private async Task<int> CountCallsAsync() => ResponseRows.GetTotalTasks(await SendAsync(""));

    private Task AdvanceUntilAsync(Func<bool> condition) => AdvanceUntilAsync(() => Task.FromResult(condition()));

    private Task AdvanceUntilAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(async () =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return await condition();
    });
}
