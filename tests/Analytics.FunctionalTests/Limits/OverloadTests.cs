using System.Data.Common;
using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Limits;

/// <summary>Under overload, some requests succeed and the others are rejected at once.</summary>
[NonParallelizable]
internal sealed class OverloadTests
{
    private const string LookupQueueDepth = "analytics.queue.depth queue=lookup";

    // What the settings below allow to run or to wait afterwards.
    private const int LookupQueueLimit = 2 + 1 + 1 + 1;

    // One runs, 16 wait, and the last is rejected.
    private const int UserLookupsUntilRejected = 1 + 16 + 1;

    private TaskCompletionSource _databaseGate = null!;
    private AnalyticsService _service = null!;
    private ObservedDataSource _database = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite, ObservedDataSource.Install, ("Database:MaxConcurrentReads", "2"), ("Database:ReadQueueLimit", "1"),
            ("Database:MaxConcurrentWrites", "1"), ("Database:WriteQueueLimit", "1"), ("Timeouts:RequestSeconds", "60"));
        _database = (ObservedDataSource)_service.Services.GetRequiredService<DbDataSource>();
        _databaseGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.BeforeOpen = _databaseGate.Task;
    }

    [TearDown]
    public async Task StopAsync()
    {
        _databaseGate.TrySetResult();
        await _service.DisposeAsync();
    }

    [Test]
    public async Task Full_queue_returns_503_without_database_call()
    {
        using var measured = new MetricRecorder();
        var before = _database.OpenedConnections;
        var unknownRequest = new AnalyticsRequest { Handle = "unknown.example" };
        var requests = await StartLookupsAsync(unknownRequest);
        requests.AddRange(Enumerable.Range(0, LookupQueueLimit).Select(_ => _service.SendAsync(unknownRequest)));
        await Eventually.TrueAsync(() => measured.Sums.GetValueOrDefault(LookupQueueDepth) == LookupQueueLimit);

        var rejected = await _service.SendAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "a")] });
        var push = await _service.PushAsync(PushRequest.Create(new NativeTask("c")) with { ContentType = "text/plain" });
        var anonymous = await _service.SendAsync(new AnalyticsRequest { Authorization = null });
        var definitions = await _service.SendAsync(new AnalyticsRequest { Path = $"{AnalyticsRequest.AnalyticsPath}definitions/" });
        var lists = new[] { await _service.ListOrganisationsAsync(), await _service.ListSpacesAsync() };
        var live = await _service.SendAsync("/health/live");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((rejected.Status, rejected["Retry-After"], rejected.Body),
                Is.EqualTo((503, "1",
                    """{"status_code":503,"message":"Service temporarily unavailable.","code":"unavailable","request_id":"a"}""")));
            Assert.That((push.Status, push["Retry-After"]), Is.EqualTo((503, "1")), "Rejected before its headers and body are read");
            Assert.That(lists.Select(list => (list.Status, list["Retry-After"])), Is.All.EqualTo((503, "1")));
            Assert.That((anonymous.Status, definitions.Status, live.Status), Is.EqualTo((401, 200, 200)),
                "Requests without database access need no permit");
            Assert.That(_database.OpenedConnections, Is.EqualTo(before + DatabaseConcurrencyLimiter.MaxConcurrentLookups),
                "Neither queued nor rejected requests open a connection");
            Assert.That(measured.Sums.Keys.Where(key => key.StartsWith("analytics.queue.depth", StringComparison.Ordinal)),
                Is.EqualTo([LookupQueueDepth]), "Unknown handles fill no other queue");
        }

        var openingStream = _service.OpenStreamAsync();
        await Eventually.TrueAsync(() => _database.OpenedConnections == before + DatabaseConcurrencyLimiter.MaxConcurrentLookups + 1);

        _databaseGate.SetResult();
        using var stream = await openingStream;
        Assert.That(stream.Status, Is.EqualTo(200), "Streams have their own permits");
        Assert.That((await Task.WhenAll(requests)).Select(reply => reply.Status), Is.All.EqualTo(404));
        Assert.That(measured.Sums[LookupQueueDepth], Is.Zero, "The queue is empty");
        Assert.That((await _service.SendAsync()).Status, Is.EqualTo(200), "Permits are released");
    }

    [Test]
    public async Task Waiting_lookups_share_a_connection()
    {
        _databaseGate.SetResult();
        var members = Enumerable.Range(1, LookupQueueLimit).Select(number => $"member {number}").ToList();
        foreach (var member in members)
        {
            await _service.AddMemberAsync(Acme.Id, member);
        }

        // Only the organisation is looked up for a 304, by one statement since the handle was used.
        var notModified = new AnalyticsRequest { Headers = [("If-None-Match", (await _service.SendAsync())["ETag"]!)] };
        _databaseGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.BeforeOpen = _databaseGate.Task;
        using var measured = new MetricRecorder();
        var before = _database.OpenedConnections;
        var requests = await StartLookupsAsync(notModified);
        requests.AddRange(members.Select(
            member => _service.SendAsync(notModified with { Authorization = Tokens.CreateAuthorization(member) })));
        await Eventually.TrueAsync(() => measured.Sums.GetValueOrDefault(LookupQueueDepth) == members.Count);
        _databaseGate.SetResult();

        Assert.That((await Task.WhenAll(requests)).Select(reply => reply.Status), Is.All.EqualTo(304));
        Assert.That(_database.OpenedConnections, Is.EqualTo(before + DatabaseConcurrencyLimiter.MaxConcurrentLookups + 1));
    }

    [Test]
    public async Task User_reads_one_list_of_organisations_at_a_time()
    {
        var before = _database.OpenedConnections;
        var ofUser = Enumerable.Range(0, UserLookupsUntilRejected).Select(_ => _service.ListOrganisationsAsync()).ToList();
        var rejected = await await Task.WhenAny(ofUser);
        var ofAnother = _service.ListOrganisationsAsync("", new AnalyticsRequest { Authorization = Tokens.CreateAuthorization("8") });
        await Eventually.TrueAsync(() => _database.OpenedConnections == before + 2);

        Assert.That(rejected.Status, Is.EqualTo(503), "The user's queue is full");
        _databaseGate.SetResult();
        Assert.That((await Task.WhenAll([.. ofUser, ofAnother])).Select(reply => reply.Status).Order(),
            Is.EqualTo([.. Enumerable.Repeat(200, UserLookupsUntilRejected), 503]));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Export_releases_read_lease_before_streaming(CancellationToken cancellationToken)
    {
        _databaseGate.SetResult();
        using var client = _service.CreateClient();
        var open = new List<HttpResponseMessage>();
        try
        {
            foreach (var path in new[] { "tasks/?format=csv", "tasks/?format=csv", "stream/", "stream/" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, AnalyticsRequest.AnalyticsPath + path);
                request.Headers.TryAddWithoutValidation("Authorization", Tokens.CreateAuthorization(Acme.MemberUserId));
                request.Headers.Add("Org-Handle", Acme.Handle);
                open.Add(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
            }

            Assert.That(open.Select(response => (int)response.StatusCode), Is.All.EqualTo(200));
            Assert.That((await _service.SendAsync()).Status, Is.EqualTo(200));
        }
        finally
        {
            open.ForEach(response => response.Dispose());
        }
    }

    // One request for each batch that may be sent at a time. Each has sent its own.
    private async Task<List<Task<Reply>>> StartLookupsAsync(AnalyticsRequest request)
    {
        var before = _database.OpenedConnections;
        var requests = new List<Task<Reply>>();
        while (requests.Count < DatabaseConcurrencyLimiter.MaxConcurrentLookups)
        {
            requests.Add(_service.SendAsync(request));
            await Eventually.TrueAsync(() => _database.OpenedConnections == before + requests.Count);
        }

        return requests;
    }
}
