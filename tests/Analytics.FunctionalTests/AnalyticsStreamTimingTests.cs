using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>The timing of the stream, by a clock that only the test advances.</summary>
internal sealed class AnalyticsStreamTimingTests
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    // Real time; only a failing test waits this long.
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    private LogRecorder _log = null!;
    private HandlerGate _gate = null!;
    private ResolutionCounter _resolved = null!;
    private FakeTimeProvider _clock = null!;
    private AnalyticsService _service = null!;

    private ObservedDataSource Database => (ObservedDataSource)_service.Services.GetRequiredService<System.Data.Common.DbDataSource>();

    [SetUp]
    public async Task StartAsync()
    {
        // Far from the end of a quarter hour.
        _clock = new FakeTimeProvider(
            DateTimeOffset.FromUnixTimeMilliseconds(QuarterHour.Current(TimeProvider.System).Start.UnixMilliseconds));
        (_log, _gate, _resolved) = (new LogRecorder(), new HandlerGate(), new ResolutionCounter());
        _service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services =>
        {
            _gate.Install(services);
            _resolved.Install(services);
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton<ILoggerProvider>(_log);
            ObservedDataSource.Install(services);
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        _gate.Release();
        await _service.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task Heartbeat_comment_is_sent_every_15_seconds([Values(null, "gzip")] string? encoding)
    {
        using var stream = await OpenAsync(new AnalyticsRequest
        {
            Query = encoding is null ? null : "date_range=91d&interval=day",
            Headers = [("Accept-Encoding", encoding ?? "identity")],
        });
        Assert.That(stream["Content-Encoding"], Is.EqualTo(encoding));

        for (var comment = 1; comment <= 3; comment++)
        {
            Assert.That(await AdvanceUntilAsync(stream.ReadNextAsync(), atLeast: 15, atMost: 16), Is.EqualTo(ServerSentEvent.Comment));
        }
    }

    [Test]
    public async Task Writes_within_one_second_are_coalesced_into_one_event()
    {
        using var stream = await OpenAsync();
        var next = stream.ReadNextEventAsync();
        for (var taskNumber = 2; taskNumber <= 5; taskNumber++)
        {
            await _service.AddSalesTasksAsync(new NativeTask($"{taskNumber}"));
        }

        var one = await AdvanceUntilAsync(next, atLeast: 1, atMost: 3);
        var another = await AdvanceUntilAsync(stream.ReadNextAsync(), atLeast: 12, atMost: 20);

        Assert.That((one!.Id, another), Is.EqualTo(((await _service.SendAsync())["ETag"], ServerSentEvent.Comment)));
    }

    [Test]
    public async Task Events_of_a_stream_are_at_least_one_second_apart()
    {
        using var earlyStream = await OpenAsync();
        _clock.Advance(OneSecond / 2);
        using var lateStream = await OpenAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var (earlyEvent, lateEvent) = (earlyStream.ReadNextEventAsync(), lateStream.ReadNextEventAsync());

        _clock.Advance(OneSecond / 2);
        await earlyEvent;
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.That(lateEvent.IsCompleted, Is.False);

        _clock.Advance(OneSecond / 2);
        Assert.That(await lateEvent, Is.EqualTo(await earlyEvent));
    }

    [Test]
    public async Task One_computation_after_a_write_serves_all_streams_of_the_query()
    {
        var streams = new List<EventStream>();
        for (var opened = 0; opened < 10; opened++)
        {
            streams.Add(await OpenAsync());
        }

        await _service.AddSalesTasksAsync(new NativeTask("second"));
        _gate.HeldHandle = Acme.Handle;
        var before = _resolved.Count;
        _clock.Advance(OneSecond);
        await WaitUntilAsync(() => _resolved.Count == before + streams.Count && _gate.HeldCount > 0);
        _gate.Release();
        var events = await Task.WhenAll(streams.Select(stream => stream.ReadNextEventAsync()));

        Assert.That(_gate.HeldCount, Is.EqualTo(1));
        Assert.That(events.Distinct().Single()!.Data, Does.Contain("\"total_tasks\":2"));
        streams.ForEach(stream => stream.Dispose());
    }

    [Test]
    public async Task Query_that_has_become_too_large_ends_the_stream_with_an_error()
    {
        using var stream = await OpenAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "mine")] });
        await FailNextQueryAsync(new TooManyRowsException());

        var (error, end) = (await stream.ReadNextEventAsync(), await stream.ReadNextEventAsync());

        Assert.That(error!.Data, Does.StartWith("{\"status_code\":400,").And.EndsWith("\"code\":\"too_many_rows\",\"request_id\":\"mine\"}"));
        Assert.That((error.Type, error.Id, end), Is.EqualTo(("error", (string?)null, (ServerSentEvent?)null)));
        Assert.That(_log.GetMessages("AnalyticsStreamService"), Is.Empty);
    }

    [Test]
    public async Task Defect_is_logged_once_and_ends_the_stream_with_an_error()
    {
        using var stream = await OpenAsync();
        await FailNextQueryAsync(new InvalidOperationException("secret"));

        var (error, end) = (await stream.ReadNextEventAsync(), await stream.ReadNextEventAsync());

        Assert.That(error!.Data, Does.StartWith(
            """{"status_code":500,"message":"Internal server error.","code":"internal_error","request_id":""").And.Not.Contain("secret"));
        Assert.That((error.Type, end), Is.EqualTo(("error", (ServerSentEvent?)null)));
        Assert.That(_log.GetMessages("AnalyticsStreamService"), Is.EqualTo(new[] { "The query of a stream of organisation 1 failed" }));
    }

    [Test]
    public async Task Membership_deleted_without_version_change_ends_stream_within_31_seconds()
    {
        using var stream = await OpenAsync();
        await using (var connection = await Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("DELETE FROM members");
        }

        AssertOrganisationNotFound(await AdvanceUntilAsync(stream.ReadNextEventAsync(), atLeast: 30, atMost: 31));
        Assert.That(await stream.ReadNextEventAsync(), Is.Null);
    }

    [Test]
    public async Task Removed_member_receives_no_further_data()
    {
        using var stream = await OpenAsync();
        await _service.ReplaceMembersAsync(Acme.Id, "someone else");
        await _service.AddSalesTasksAsync(new NativeTask("secret"));

        AssertOrganisationNotFound(await AdvanceUntilAsync(stream.ReadNextEventAsync(), atLeast: 1, atMost: 2));
        Assert.That(await stream.ReadNextEventAsync(), Is.Null);
    }

    [Test]
    public async Task Stream_ends_when_the_token_expires()
    {
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(10) + (TimeProvider.System.GetUtcNow() - _clock.GetUtcNow()));
        using var stream = await OpenAsync();

        Assert.That(await AdvanceUntilAsync(stream.ReadNextEventAsync(), atLeast: 9, atMost: 11), Is.Null);
    }

    [Test]
    public async Task One_version_poll_per_second_serves_all_streams()
    {
        var users = Enumerable.Range(0, 50).Select(user => $"user {user}").ToList();
        foreach (var user in users)
        {
            await _service.AddMemberAsync(Acme.Id, user);
        }

        var streams = new List<EventStream>();
        foreach (var user in users)
        {
            streams.Add(await OpenAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(user) }));
        }

        await AssertConnectionsPerSecondAsync(1, seconds: 10);
        streams.ForEach(stream => stream.Dispose());
        await AdvanceUntilPollingStopsAsync();
        await AssertConnectionsPerSecondAsync(0, seconds: 10);
    }

    [Test]
    public async Task Query_is_rerun_at_the_end_of_the_quarter_hour()
    {
        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(5));
        using var stream = await OpenAsync();

        await AssertConnectionsPerSecondAsync(1, seconds: 4);
        await AssertConnectionsPerSecondAsync(2, seconds: 1);
        await AssertConnectionsPerSecondAsync(1, seconds: 10);
    }

    [Test]
    public async Task Relative_range_sends_an_event_at_the_end_of_the_quarter_hour_without_a_write()
    {
        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(3));
        using var stream = await OpenAsync(new AnalyticsRequest { Query = "date_range=24h&include=meta" });
        var before = (await _service.SendAsync(new AnalyticsRequest { Query = "date_range=24h&include=meta" }))["ETag"];

        var next = await AdvanceUntilAsync(stream.ReadNextEventAsync(), atLeast: 3, atMost: 5);

        Assert.That(next!.Id, Is.Not.EqualTo(before).And
            .EqualTo((await _service.SendAsync(new AnalyticsRequest { Query = "date_range=24h&include=meta" }))["ETag"]));
    }

    [Test]
    public async Task Database_outage_is_logged_once_and_the_stream_resumes()
    {
        using var stream = await OpenAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var next = stream.ReadNextEventAsync();

        Database.IsUnavailable = true;
        await AssertConnectionsPerSecondAsync(1, seconds: 5);
        Assert.That(next.IsCompleted, Is.False);
        Assert.That(_log.GetMessages("OrganisationVersionPoller"), Has.Exactly(1).Contains("Reading the version of organisation 1 failed"));

        Database.IsUnavailable = false;
        var one = await AdvanceUntilAsync(next, atLeast: 1, atMost: 3);
        Assert.That(one!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
    }

    [Test]
    public async Task Failed_query_sends_no_event_and_is_retried()
    {
        using var stream = await OpenAsync();
        Database.IsUnavailable = true;
        for (var comment = 1; comment <= 3; comment++)
        {
            Assert.That(await AdvanceUntilAsync(stream.ReadNextAsync(), atLeast: 15, atMost: 16), Is.EqualTo(ServerSentEvent.Comment));
        }

        Assert.That(_log.GetMessages("AnalyticsStreamService"), Has.Exactly(1).Contains("The query of a stream of organisation 1 failed"));

        Database.IsUnavailable = false;
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var next = await AdvanceUntilAsync(stream.ReadNextEventAsync(), atLeast: 1, atMost: 3);
        Assert.That(next!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
        Assert.That(_log.GetMessages("AnalyticsStreamService").Count(), Is.EqualTo(1));
    }

    private static void AssertOrganisationNotFound(ServerSentEvent? last) =>
        Assert.That((last?.Type, last?.Data?.Split(",\"request_id\"")[0]), Is.EqualTo(
            ("error", "{\"status_code\":404,\"message\":\"Organization not found.\",\"code\":\"organization_not_found\"")));

    // Writes, and lets the query after the write fail.
    private async Task FailNextQueryAsync(Exception exception)
    {
        _gate.HeldHandle = Acme.Handle;
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        _clock.Advance(OneSecond);
        await WaitUntilAsync(() => _gate.HeldCount == 1);
        _gate.Fail(exception);
    }

    // A stream whose first event has been read.
    private async Task<EventStream> OpenAsync(AnalyticsRequest? request = null)
    {
        var stream = await _service.OpenStreamAsync(request);
        Assert.That((await stream.ReadNextAsync())!.Data, Is.Not.Null);
        return stream;
    }

    // The event that follows after so many seconds of the clock. A second has passed when the version was polled.
    private async Task<ServerSentEvent?> AdvanceUntilAsync(Task<ServerSentEvent?> pending, int atLeast, int atMost)
    {
        for (var second = 1; second < atLeast; second++)
        {
            var before = Database.OpenedConnections;
            _clock.Advance(OneSecond);
            await WaitUntilAsync(() => Database.OpenedConnections > before || pending.IsCompleted);
            Assert.That(pending.IsCompleted, Is.False, $"An event has arrived after {second} s");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100));
        Assert.That(pending.IsCompleted, Is.False, $"An event has arrived before {atLeast} s");
        for (var second = atLeast; second <= atMost && !pending.IsCompleted; second++)
        {
            _clock.Advance(OneSecond);
            await Task.WhenAny(pending, Task.Delay(second < atMost ? OneSecond : WaitTimeout));
        }

        Assert.That(pending.IsCompleted, $"No event has arrived after {atMost} s");
        return await pending;
    }

    // Advances the clock by seconds, and asserts how many connections are opened in each.
    private async Task AssertConnectionsPerSecondAsync(int connectionsPerSecond, int seconds)
    {
        var before = Database.OpenedConnections;
        for (var second = 1; second <= seconds; second++)
        {
            _clock.Advance(OneSecond);
            await WaitUntilAsync(() => Database.OpenedConnections - before >= connectionsPerSecond * second);
        }

        // Time for a surplus connection.
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.That(Database.OpenedConnections - before, Is.EqualTo(connectionsPerSecond * seconds));
    }

    private async Task AdvanceUntilPollingStopsAsync()
    {
        for (var quiet = 0; quiet < 3; quiet++)
        {
            var before = Database.OpenedConnections;
            _clock.Advance(OneSecond);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            quiet = Database.OpenedConnections == before ? quiet : -1;
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), timeout.Token);
        }
    }
}
