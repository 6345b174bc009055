using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Analytics.FunctionalTests.Faults;

/// <summary>A client that disconnects during a push leaves all of it or nothing, and no error in the log.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class DisconnectTests(DatabaseEngine engine)
{
    private static readonly int Pushes = TestDepth.Select(30, 100);
    private const int MaxDelayMilliseconds = 20;

    private readonly LogRecorder _warnings = new();
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await AnalyticsService.StartAsync(engine, services => services.AddSingleton<ILoggerProvider>(_warnings));
        await _service.AddAcmeAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _service.DisposeAsync();
        Assert.That(_warnings.Entries.Where(warning => warning.Level > LogLevel.Warning), Is.Empty);
    }

    [OneTimeTearDown]
    public void DisposeWarnings() => _warnings.Dispose();

    [Test]
    public async Task Client_disconnect_before_the_response_writes_all_or_nothing()
    {
        var ledger = new PushRecorder();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var push = 0; push < Pushes / 4; push++)
            {
                await ledger.PushAndDisconnectAsync(
                    _service.Address, writer, TimeSpan.FromMilliseconds(Random.Shared.Next(MaxDelayMilliseconds)));
            }

            Assert.That((await ledger.PushNextAsync(_service.Address, writer)).Status, Is.EqualTo(200));
        }));

        await ledger.AssertConsistentAsync(_service.Address);
        Assert.That((await _service.VerifyAsync()).Single().IsClean);
    }

    [Test]
    public async Task Client_disconnect_before_the_end_of_the_body_writes_nothing()
    {
        var push = PushRequest.Create(Enumerable.Range(0, 1_000).Select(i => new NativeTask($"task {i}")));

        await RawHttp.SendAndDisconnectAsync(
            _service.Address, "POST", push.Target, push.AllHeaders, push.Body, push.Body.Length - 1, TimeSpan.Zero);

        Assert.That((await _service.PushAsync(push)).GetCounts(), Is.EqualTo((1_000, 0, 0, 0)));
    }
}
