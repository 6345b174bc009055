using System.IO.Pipelines;
using System.Net;
using Analytics.Client.Tests.Support;
using static Analytics.Client.Tests.Support.FakeServer;

namespace Analytics.Client.Tests;

/// <summary>Live reports whose connection fails.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FollowTests
{
    private static readonly string ReportEvent = $"data: {FakeServer.Report.ReplaceLineEndings("")}\n";

    private readonly ObservedTime _time = new();

    [Test]
    public async Task Stream_that_breaks_is_resumed_behind_its_last_event()
    {
        using var server = new FakeServer(
            Respond(HttpStatusCode.OK, () => new StreamContent(new BrokenBody($": comment\n\n{ReportEvent}id: \"1\"\n\n"))),
            Respond(HttpStatusCode.OK, $"event: version\ndata: {{}}\nid: \"2\"\n\n"),
            Respond(HttpStatusCode.OK, $"{ReportEvent}id: \"3\"\n\n"));
        var states = new List<(StreamState, ErrorCode?)>();
        await using var events = TestClient.Create(server, _time)
            .FollowAsync(new() { SpaceToken = "A1" }, new() { OnState = (state, error) => states.Add((state, error?.Code)) })
            .GetAsyncEnumerator();

        await events.MoveNextAsync();
        Assert.That((events.Current.Id, events.Current.Data?.CallAnalytics.TotalCalls), Is.EqualTo(("\"1\"", 1L)));
        var second = events.MoveNextAsync();
        await _time.PassTimerAsync(0.5, 1.25);
        await second;
        Assert.That(events.Current, Is.EqualTo(new AnalyticsEvent("\"2\"", null)));
        var third = events.MoveNextAsync();
        await _time.PassTimerAsync(0.5, 1.25);
        await third;
        Assert.That(events.Current.Data, Is.Not.Null);

        Assert.That(server.Requests.Select(request => request.LastEventId), Is.EqualTo(new[] { null, "\"1\"", "\"2\"" }));
        Assert.That(server.Requests.Select(request => request.Address.PathAndQuery),
            Is.All.EqualTo("/api/v2/platform/organisation/analytics/stream/?space_token=A1"));
        Assert.That(states, Is.EqualTo(new (StreamState, ErrorCode?)[]
        {
            (StreamState.Connecting, null), (StreamState.Live, null), (StreamState.Waiting, ErrorCode.Unreachable),
            (StreamState.Connecting, null), (StreamState.Live, null), (StreamState.Waiting, null),
            (StreamState.Connecting, null), (StreamState.Live, null),
        }));
    }

    [Test]
    public async Task Stream_is_reopened_after_35_seconds_of_silence_but_not_while_comments_arrive()
    {
        var halfOpen = new Pipe();
        using var server = new FakeServer(
            Respond(HttpStatusCode.OK, () => new StreamContent(halfOpen.Reader.AsStream())),
            Respond(HttpStatusCode.OK, $"{ReportEvent}id: \"2\"\n\n"));
        await using var events = TestClient.Create(server, _time).FollowAsync().GetAsyncEnumerator();

        var next = events.MoveNextAsync();
        await _time.WaitForTimerAsync(35, 35); // The connection's.
        for (var comment = 0; comment < 3; comment++)
        {
            await _time.WaitForTimerAsync(35, 35);
            _time.Advance(TimeSpan.FromSeconds(20));
            await halfOpen.Writer.WriteAsync(":\n\n"u8.ToArray());
        }

        await _time.PassTimerAsync(35, 35);
        await _time.PassTimerAsync(0.5, 1.25);

        await next;
        Assert.That(events.Current.Id, Is.EqualTo("\"2\""));
    }

    [Test]
    public async Task Service_that_accepts_the_connection_and_says_nothing_is_left_after_35_seconds()
    {
        using var server = new FakeServer(Hang(), Respond(HttpStatusCode.OK, $"{ReportEvent}id: \"1\"\n\n"));
        await using var events = TestClient.Create(server, _time).FollowAsync().GetAsyncEnumerator();

        var next = events.MoveNextAsync();
        await _time.PassTimerAsync(35, 35);
        await _time.PassTimerAsync(0.5, 1.25);

        Assert.That(await next, Is.True);
    }

    [Test]
    public async Task Pauses_grow_with_each_failure_and_are_never_shorter_than_the_service_says()
    {
        using var server = new FakeServer(
            Break(), Break(), Break(),
            Respond(HttpStatusCode.TooManyRequests, configure: response => response.Headers.RetryAfter = new(TimeSpan.FromSeconds(60))),
            Respond(HttpStatusCode.OK, $"{ReportEvent}id: \"1\"\n\n"));
        await using var events = TestClient.Create(server, _time)
            .FollowAsync(options: new() { LastEventId = "\"0\"" }).GetAsyncEnumerator();

        var next = events.MoveNextAsync();
        await _time.PassTimerAsync(0.5, 1.25);
        await _time.PassTimerAsync(1, 2.5);
        await _time.PassTimerAsync(2, 5);
        await _time.PassTimerAsync(60, 75);

        Assert.That(await next, Is.True);
        Assert.That(server.Requests.Select(request => request.LastEventId), Is.All.EqualTo("\"0\"").And.Exactly(5).Items);
    }

    [Test]
    public void Error_that_stays_ends_the_stream([Values] bool isEvent)
    {
        const string Error = """{"status_code":404,"message":"Organization not found.","code":"organization_not_found","request_id":"r"}""";
        using var server = new FakeServer(isEvent
            ? Respond(HttpStatusCode.OK, $"event: error\ndata: {Error}\n\n")
            : Respond(HttpStatusCode.NotFound, Error));

        var error = Assert.ThrowsAsync<AnalyticsException>(() => TestClient.Create(server, _time).FollowAsync().ToListAsync().AsTask())!;
        Assert.That((error.StatusCode, error.Code, error.Message, error.RequestId), Is.EqualTo(
            (HttpStatusCode.NotFound, ErrorCode.OrganizationNotFound, "Organization not found.", "r")));
    }

    [Test]
    public async Task Cancellation_ends_a_stream_that_waits()
    {
        using var server = new FakeServer(Break());
        using var cancellation = new CancellationTokenSource();

        var events = TestClient.Create(server, _time).FollowAsync(cancellationToken: cancellation.Token).ToListAsync().AsTask();
        await _time.WaitForTimerAsync(0.5, 1.25);
        await cancellation.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => events);
    }
}
