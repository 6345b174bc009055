using System.Net;
using System.Net.Http.Headers;
using Analytics.Client.Tests.Support;
using static Analytics.Client.Tests.Support.FakeServer;

namespace Analytics.Client.Tests;

/// <summary>Which requests are sent again, and when.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RetryTests
{
    private readonly ObservedTime _time = new();

    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.BadGateway)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(HttpStatusCode.GatewayTimeout)]
    public async Task Transient_error_is_retried_after_half_a_second_or_more(HttpStatusCode status)
    {
        using var server = new FakeServer(Respond(status), Respond(HttpStatusCode.OK, Report));

        var report = TestClient.Create(server, _time).GetAnalyticsAsync();
        await _time.PassTimerAsync(0.5, 1.25);

        Assert.That((await report).CallAnalytics.TotalCalls, Is.EqualTo(1));
    }

    [Test]
    public async Task Retry_waits_as_long_as_the_service_says_or_a_quarter_longer()
    {
        using var server = new FakeServer(
            Respond(HttpStatusCode.ServiceUnavailable, configure: Wait(new(TimeSpan.FromSeconds(7)))),
            Respond(HttpStatusCode.TooManyRequests, configure: Wait(new(_time.GetUtcNow().AddSeconds(40)))),
            Respond(HttpStatusCode.OK, Report));

        var report = TestClient.Create(server, _time).GetAnalyticsAsync();
        var first = await _time.WaitForTimerAsync(7, 7 * 1.25);
        _time.Advance(first - TimeSpan.FromMilliseconds(1));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        // The second is a date, 40 seconds after the start.
        await _time.PassTimerAsync(40 - first.TotalSeconds, (40 - first.TotalSeconds) * 1.25);
        await report;

        static Action<HttpResponseMessage> Wait(RetryConditionHeaderValue value) => response => response.Headers.RetryAfter = value;
    }

    [Test]
    public async Task Broken_connection_and_broken_body_are_retried()
    {
        using var server = new FakeServer(
            Break(),
            Respond(HttpStatusCode.OK, () => new StreamContent(new BrokenBody("{\"data\""))),
            Respond(HttpStatusCode.OK, Report));

        var report = TestClient.Create(server, _time).GetAnalyticsAsync();
        await _time.PassTimerAsync(0.5, 1.25);
        await _time.PassTimerAsync(1, 2.5);

        Assert.That((await report).CallStatus.SuccessRate, Is.EqualTo(100));
    }

    [Test]
    public async Task Silent_attempt_times_out_and_is_retried()
    {
        using var server = new FakeServer(Hang(), Respond(HttpStatusCode.OK, Report));

        var report = TestClient.Create(server, _time, options => options.Timeout = TimeSpan.FromSeconds(20)).GetAnalyticsAsync();
        await _time.PassTimerAsync(20, 20);
        await _time.PassTimerAsync(0.5, 1.25);

        await report;
    }

    [Test]
    public async Task Push_is_retried_with_its_body()
    {
        const string Result = """{"data":{"inserted":1,"updated":0,"unchanged":0,"rejected":0,"errors":[]}}""";
        using var server = new FakeServer(Break(), Respond(HttpStatusCode.OK, Result));

        var push = TestClient.Create(server, _time)
            .PushTasksAsync([new() { TaskId = "t-1", Status = "failed", Direction = Direction.Inbound }]);
        await _time.PassTimerAsync(0.5, 1.25);

        Assert.That((await push).Inserted, Is.EqualTo(1));
        Assert.That(server.Requests.Select(request => request.Body),
            Is.All.EqualTo("""[{"task_id":"t-1","status":"failed","direction":"inbound"}]""").And.Exactly(2).Items);
    }

    [Test]
    public async Task Last_error_is_thrown_after_the_last_retry()
    {
        using var server = new FakeServer(
            Break(), Respond(HttpStatusCode.ServiceUnavailable, """{"message":"Service temporarily unavailable.","code":"unavailable"}"""));

        var report = TestClient.Create(server, _time, options => options.MaxRetries = 1).GetAnalyticsAsync();
        await _time.PassTimerAsync(0.5, 1.25);

        var error = Assert.ThrowsAsync<AnalyticsException>(() => report)!;
        Assert.That((error.StatusCode, error.Code, error.IsTransient, error.Message), Is.EqualTo(
            (HttpStatusCode.ServiceUnavailable, ErrorCode.Unavailable, true, "Service temporarily unavailable.")));
    }

    [Test]
    public void Broken_connection_without_retries_is_unreachable()
    {
        using var server = new FakeServer(Break());

        var error = Assert.ThrowsAsync<AnalyticsException>(
            () => TestClient.Create(server, _time, options => options.MaxRetries = 0).GetAnalyticsAsync())!;
        Assert.That((error.StatusCode, error.Code, error.IsTransient), Is.EqualTo(((HttpStatusCode?)null, ErrorCode.Unreachable, true)));
        Assert.That(error.InnerException, Is.TypeOf<HttpRequestException>());
    }

    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.NotFound)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public void Other_errors_are_not_retried(HttpStatusCode status)
    {
        using var server = new FakeServer(Respond(status, "<html>"));

        var error = Assert.ThrowsAsync<AnalyticsException>(() => TestClient.Create(server, _time).GetAnalyticsAsync())!;
        Assert.That((error.StatusCode, error.Code, error.IsTransient), Is.EqualTo((status, ErrorCode.Unknown, false)));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"data":{"call_analytics":{"total_calls":1}}}""")]
    [TestCase("<html>")]
    public void Response_without_the_promised_numbers_is_an_error_and_not_zeros(string body)
    {
        using var server = new FakeServer(Respond(HttpStatusCode.OK, body));

        var error = Assert.ThrowsAsync<AnalyticsException>(() => TestClient.Create(server, _time).GetAnalyticsAsync())!;
        Assert.That((error.StatusCode, error.Code), Is.EqualTo((HttpStatusCode.OK, ErrorCode.Unknown)));
    }

    [Test]
    public async Task Cancelled_request_does_not_wait_for_its_retry()
    {
        using var server = new FakeServer(Break());
        using var cancellation = new CancellationTokenSource();

        var report = TestClient.Create(server, _time).GetAnalyticsAsync(cancellationToken: cancellation.Token);
        await _time.WaitForTimerAsync(0.5, 1.25);
        await cancellation.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => report);
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }
}
