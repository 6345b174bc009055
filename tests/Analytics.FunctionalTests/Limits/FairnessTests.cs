using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Limits;

/// <summary>One organisation occupies at most its part of the service, however slow its requests are.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
[NonParallelizable]
internal sealed class FairnessTests(DatabaseEngine engine)
{
    private static readonly AnalyticsRequest OtherRequest = new() { Handle = "beta.example" };

    private HandlerGate _gate = null!;
    private AnalyticsService _service = null!;
    private MetricRecorder _measured = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _gate = new HandlerGate();
        _service = await Acme.StartServiceAsync(
            engine, _gate.Install, ("Database:MaxConcurrentReads", "4"), ("Database:ReadQueueLimit", "4"),
            ("Database:MaxConcurrentWrites", "2"), ("Database:WriteQueueLimit", "2"), ("Timeouts:RequestSeconds", "60"));
        await _service.AddOrganisationAsync(2, OtherRequest.Handle!);
        await _service.AddMemberAsync(2, Acme.MemberUserId);
        await _service.AddMemberAsync(2, PushRequest.EditorUserId, "editor");
        await _service.AddSpaceAsync(2, 21, "BETA");
        _measured = new MetricRecorder();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _gate.Release();
        _measured.Dispose();
        await _service.DisposeAsync();
    }

    [Test]
    public async Task Slow_reads_of_one_organisation_delay_neither_others_nor_its_cached_responses()
    {
        var cached = await _service.SendAsync();
        _gate.HeldHandle = Acme.Handle;

        // Each counts as two reads.
        var slow = Enumerable.Range(0, 2).Select(_ => _service.ListTasksAsync("")).ToList();
        await Eventually.TrueAsync(() => (_gate.HeldCount, GetQueueDepth("read")) == (1, 1));

        var beyondItsHalf = await _service.ListTasksAsync("");
        var other = await _service.SendAsync(OtherRequest);
        var cachedAgain = await _service.SendAsync();
        var notModified = await _service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", cached["ETag"]!)] });
        var unknown = await _service.SendAsync(new AnalyticsRequest { Handle = "unknown.example" });
        var nonMember = await _service.SendAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization("non-member") });

        Assert.That((beyondItsHalf.Status, beyondItsHalf["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That((other.Status, cachedAgain.Status, notModified.Status, unknown.Status, nonMember.Status),
            Is.EqualTo((200, 200, 304, 404, 404)));
        Assert.That(slow, Has.None.Matches<Task>(request => request.IsCompleted));
        _gate.Release();
        Assert.That((await Task.WhenAll(slow)).Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That(GetQueueDepth("read"), Is.Zero);
    }

    [Test]
    public async Task Slow_streams_of_one_organisation_do_not_delay_other_streams()
    {
        _gate.HeldHandle = Acme.Handle;
        var opening = new[] { "today", "yesterday", "7d", "28d", "30d" }
            .Select(range => _service.OpenStreamAsync(new AnalyticsRequest { Query = $"date_range={range}" })).ToList();
        await Eventually.TrueAsync(() => (_gate.HeldCount, GetQueueDepth("stream")) == (4, 1));

        using (var other = await _service.OpenStreamAsync(
            OtherRequest with { Authorization = Tokens.CreateAuthorization(PushRequest.EditorUserId) }))
        {
            Assert.That((await other.ReadNextEventAsync())?.Data, Does.Contain("\"total_calls\":0"));
        }

        Assert.That(opening, Has.None.Matches<Task>(stream => stream.IsCompleted));
        _gate.Release();
        foreach (var stream in await Task.WhenAll(opening))
        {
            using (stream)
            {
                Assert.That(stream.Status, Is.EqualTo(200));
            }
        }
    }

    [Test]
    public async Task Slow_pushes_of_one_organisation_do_not_reject_those_of_others()
    {
        _gate.HeldHandle = Acme.Handle;
        var slow = Enumerable.Range(0, 3).Select(number => _service.PushAsync(new NativeTask($"{number}"))).ToList();
        await Eventually.TrueAsync(() => (_gate.HeldCount, GetQueueDepth("write")) == (2, 1));

        var beyondItsHalf = await _service.PushAsync(new NativeTask("beyond"));
        var other = _service.PushAsync(
            PushRequest.Create(new NativeTask("b") { SpaceToken = "BETA" }) with { Handle = OtherRequest.Handle });
        await Eventually.TrueAsync(() => GetQueueDepth("write") == 2);

        Assert.That((beyondItsHalf.Status, beyondItsHalf["Retry-After"]), Is.EqualTo((503, "1")));
        _gate.Release();
        Assert.That((await Task.WhenAll([.. slow, other])).Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That(GetQueueDepth("write"), Is.Zero);
    }

    [Test]
    public async Task Bodies_of_one_organisation_occupy_at_most_half_of_the_memory()
    {
        var push = PushRequest.Create(new NativeTask("a"));
        using (var memory = _service.Services.GetRequiredService<BodyMemoryBudget>().Reserve(Acme.Id))
        {
            memory.Grow(OrganisationShare.Of(BodyMemoryBudget.MaxTotalBytes));

            var own = await _service.PushAsync(push);
            var other = await _service.PushAsync(push with { Handle = OtherRequest.Handle });

            Assert.That((own.Status, own["Retry-After"], other.Status), Is.EqualTo((503, "1", 200)));
        }

        Assert.That((await _service.PushAsync(push)).Status, Is.EqualTo(200));
    }

    private double GetQueueDepth(string queue) => _measured.Sums.GetValueOrDefault($"analytics.queue.depth queue={queue}");
}
