using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Concurrent identical queries are computed once, and none gets older data.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class SharedComputationTests(DatabaseEngine engine)
{
    private HandlerGate _gate = null!;
    private ResolutionCounter _resolved = null!;
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        (_gate, _resolved) = (new HandlerGate(), new ResolutionCounter());
        _service = await Acme.StartServiceAsync(
            engine,
            services =>
            {
                _gate.Install(services);
                _resolved.Install(services);
            },
            ("Database:MaxConcurrentReads", "16"));
        _gate.HeldHandle = Acme.Handle;
    }

    [TearDown]
    public async Task StopAsync()
    {
        _gate.Release();
        await _service.DisposeAsync();
    }

    [Test]
    public async Task Concurrent_identical_requests_are_computed_once()
    {
        var requests = await SendAsync([.. Enumerable.Range(0, 10).Select(_ => new AnalyticsRequest())]);
        await Eventually.TrueAsync(() => _gate.HeldCount > 0);
        _gate.Release();

        var replies = await Task.WhenAll(requests);
        Assert.That(replies.Select(reply => (reply.Status, reply.Body, reply["ETag"])).Distinct().Count(), Is.EqualTo(1));
        Assert.That((replies[0].Status, _gate.HeldCount), Is.EqualTo((200, 1)));
    }

    [Test]
    public async Task Different_requests_are_computed_each()
    {
        var requests = await SendAsync(
            new() { SpaceToken = Acme.SalesToken }, new() { Product = "unpod.tv" }, new() { Query = "group_by=agent" },
            new() { Path = TaskListRequests.Path });
        await Eventually.TrueAsync(() => _gate.HeldCount == 4);
        _gate.Release();

        Assert.That((await Task.WhenAll(requests)).Select(reply => reply.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task Request_after_a_write_does_not_wait_for_an_older_computation()
    {
        _gate.HoldsResponses = true;
        var older = _service.SendAsync();
        await Eventually.TrueAsync(() => _gate.HeldCount == 1);
        _gate.HeldHandle = null;
        await _service.AddSalesTasksAsync(new NativeTask("second"));

        var newer = await _service.SendAsync();

        Assert.That((GetTotal(newer), older.IsCompleted), Is.EqualTo((2, false)));
        _gate.Release();
        Assert.That(GetTotal(await older), Is.EqualTo(1));
    }

    [Test]
    public async Task Cancelled_request_cancels_no_other()
    {
        using var client = new HttpClient();
        using var cancellation = new CancellationTokenSource();
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(_service.Address, new AnalyticsRequest().Target));
        foreach (var (name, value) in new AnalyticsRequest().AllHeaders)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var cancelled = client.SendAsync(message, cancellation.Token);
        await Eventually.TrueAsync(() => _gate.HeldCount == 1);
        var others = await SendAsync(new(), new());
        await cancellation.CancelAsync();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());

        await Eventually.TrueAsync(() => _gate.HeldCount == 2);
        _gate.Release();

        Assert.That((await Task.WhenAll(others)).Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That(_gate.HeldCount, Is.EqualTo(2), "one takes over, and the other waits for it");
    }

    private static int GetTotal(Reply reply) => (int)reply.Json["data"]!["call_status"]!["total_tasks"]!;

    // Sends the requests, and waits until each has found its organisation.
    private async Task<IReadOnlyList<Task<Reply>>> SendAsync(params AnalyticsRequest[] requests)
    {
        var before = _resolved.Count;
        var replies = requests.Select(request => _service.SendAsync(request)).ToList();
        await Eventually.TrueAsync(() => _resolved.Count == before + requests.Length);
        return replies;
    }
}
