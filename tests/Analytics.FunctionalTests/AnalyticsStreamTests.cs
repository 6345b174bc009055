using System.Diagnostics;
using Analytics.Api.RateLimiting;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>The stream sends the response of <c>analytics/</c> at once, and again after each change of its ETag.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class AnalyticsStreamTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartServiceAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Event_contains_the_plain_response_and_its_ETag()
    {
        await _service.AddSalesTasksAsync(
            new NativeTask("scored") { SuccessScore = 467.50m }, new NativeTask("other") { ProductId = "unpod.tv" });
        var request = new AnalyticsRequest { SpaceToken = Acme.SalesToken, Product = "unpod.dev" };

        var plain = await _service.SendAsync(request);
        using var stream = await _service.OpenStreamAsync(request);
        var first = await stream.ReadNextAsync();

        Assert.That(first, Is.EqualTo(new ServerSentEvent(plain["ETag"], plain.Body)));
    }

    [Test]
    public async Task Stream_has_data_response_headers_and_disables_proxy_buffering()
    {
        using var stream = await _service.OpenStreamAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "mine")] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stream.Status, stream["Content-Type"]), Is.EqualTo((200, "text/event-stream")));
            Assert.That((stream["Cache-Control"], stream["Vary"]),
                Is.EqualTo(("private, no-cache", "Authorization, Org-Handle, Product-Id, Accept, Accept-Encoding, Origin")));
            Assert.That((stream["X-Request-Id"], stream["X-Content-Type-Options"], stream["X-Accel-Buffering"]),
                Is.EqualTo(("mine", "nosniff", "no")));
            Assert.That((stream["ETag"], stream["Pragma"], stream["Content-Encoding"]),
                Is.EqualTo(((string?)null, (string?)null, (string?)null)));
        }
    }

    [Test]
    public async Task Matching_LastEventId_gets_no_event_until_the_next_change([Values] bool isQuoted)
    {
        var etag = (await _service.SendAsync())["ETag"]!;
        using var stream = await _service.OpenStreamAsync(CreateResumeRequest(isQuoted ? etag : etag.Trim('"')));
        var first = await stream.ReadNextAsync();

        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var next = await stream.ReadNextEventAsync();

        var plain = await _service.SendAsync();
        Assert.That(first, Is.EqualTo(ServerSentEvent.Comment));
        Assert.That(next, Is.EqualTo(new ServerSentEvent(plain["ETag"], plain.Body)));
    }

    [Test]
    public async Task Outdated_LastEventId_gets_the_current_event_immediately()
    {
        var etag = (await _service.SendAsync())["ETag"]!;
        await _service.AddSalesTasksAsync(new NativeTask("second"));

        using var stream = await _service.OpenStreamAsync(CreateResumeRequest(etag));

        Assert.That((await stream.ReadNextAsync())!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]).And.Not.EqualTo(etag));
    }

    [Test]
    public async Task Change_of_another_organisation_sends_no_event()
    {
        await _service.AddOrganisationAsync(2, "beta.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);
        await _service.AddSpaceAsync(2, 21, Acme.SalesToken);
        using var acmeStream = await _service.OpenStreamAsync();
        using var betaStream = await _service.OpenStreamAsync(new AnalyticsRequest { Handle = "beta.example" });
        await betaStream.ReadNextEventAsync();
        await acmeStream.ReadNextEventAsync();

        await _service.ImportTasksAsync(2, [new NativeTask("first").ToLine()], (21, Acme.SalesToken));
        await betaStream.ReadNextEventAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));

        Assert.That((await acmeStream.ReadNextEventAsync())!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
    }

    [Test]
    public async Task Change_that_leaves_the_data_equal_sends_only_the_new_version()
    {
        using var stream = await _service.OpenStreamAsync();
        var first = await stream.ReadNextEventAsync();

        await _service.AddSpaceAsync(Acme.Id, 12, "SUPPORT");
        var version = await stream.ReadNextEventAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var changed = await stream.ReadNextEventAsync();
        await _service.AddSpaceAsync(Acme.Id, 13, "MORE");
        var last = await stream.ReadNextEventAsync();

        var plain = await _service.SendAsync();
        Assert.That(version, Is.EqualTo(new ServerSentEvent(version!.Id, "{}", "version")));
        Assert.That((changed!.Data, changed.Type), Is.EqualTo((plain.Body, (string?)null)));
        Assert.That(last, Is.EqualTo(new ServerSentEvent(plain["ETag"], "{}", "version")));
        Assert.That(new[] { first!.Id, version.Id, changed.Id, last!.Id }, Is.Unique);

        using var resumed = await _service.OpenStreamAsync(CreateResumeRequest(last.Id!));
        Assert.That(await resumed.ReadNextAsync(), Is.EqualTo(ServerSentEvent.Comment));
    }

    [TestCase("gzip, br", "gzip"), TestCase("gzip", "gzip"), TestCase("br", null)]
    public async Task Long_events_are_compressed_for_clients_that_accept_gzip_and_sent_at_once(string accepted, string? encoding)
    {
        var request = new AnalyticsRequest { Query = "date_range=91d&interval=day", Headers = [("Accept-Encoding", accepted)] };
        using var stream = await _service.OpenStreamAsync(request);
        var first = await stream.ReadNextEventAsync();
        await _service.AddSalesTasksAsync(
            new NativeTask("second") { CreatedAt = TimeProvider.System.GetUtcNow().AddDays(-1).ToString("O") });
        var second = await stream.ReadNextEventAsync();

        var plain = await _service.SendEncodedAsync(request with { Headers = [] }, acceptEncoding: null);
        Assert.That((stream["Content-Encoding"], stream["ETag"]), Is.EqualTo((encoding, (string?)null)));
        Assert.That((second!.Id, second.Data), Is.EqualTo((plain["ETag"], plain.Text)));
        Assert.That(first!.Data, Has.Length.GreaterThan(1024).And.Not.EqualTo(second.Data));
    }

    [Test]
    public async Task LastEventId_with_the_suffix_of_a_compressed_response_is_the_same_version([Values("br", "gzip")] string encoding)
    {
        var request = new AnalyticsRequest { Query = "date_range=91d&interval=day" };
        var etag = (await _service.SendEncodedAsync(request, encoding))["ETag"]!;
        Assert.That(etag, Does.EndWith(encoding == "br" ? "-br\"" : "-gz\""));

        using var stream = await _service.OpenStreamAsync(request with { Headers = [("Last-Event-ID", etag), ("Accept-Encoding", encoding)] });

        Assert.That(await stream.ReadNextAsync(), Is.EqualTo(ServerSentEvent.Comment));
    }

    [Test]
    public async Task Archiving_the_space_ends_its_stream_with_an_error()
    {
        using var stream = await _service.OpenStreamAsync(
            new AnalyticsRequest { SpaceToken = Acme.SalesToken, Headers = [("X-Request-Id", "mine")] });
        await stream.ReadNextEventAsync();

        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");

        Assert.That(await stream.ReadNextEventAsync(), Is.EqualTo(new ServerSentEvent(
            Id: null,
            """{"status_code":404,"message":"Space not found.","code":"space_not_found","request_id":"mine"}""",
            "error")));
        Assert.That(await stream.ReadNextEventAsync(), Is.Null);
    }

    [Test]
    public async Task Stream_ends_when_the_token_expires()
    {
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var token = Tokens.Sign(Tokens.CreateClaims(("user_id", Acme.MemberUserId), ("exp", expires.ToUnixTimeSeconds())));
        using var stream = await _service.OpenStreamAsync(new AnalyticsRequest { Authorization = $"jwt {token}" });
        await stream.ReadNextEventAsync();

        var next = await stream.ReadNextEventAsync();

        Assert.That(next, Is.Null);
        Assert.That(TimeProvider.System.GetUtcNow() - expires, Is.InRange(TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(5)),
            "The limit allows for a busy machine");
    }

    [Test]
    public async Task Sigterm_ends_the_stream_and_the_service_within_5_seconds()
    {
        var folder = Directory.CreateTempSubdirectory("analytics-start-");
        using var service = new ServiceProcess(folder, "Production",
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", _service.Database.ConnectionString),
            ("Jwt:SigningKeys:0", Tokens.SigningKey), ("Shutdown:DrainSeconds", "0"));
        using var stream = await EventStream.OpenAsync(ServiceProcess.ParseAddress(await service.ReadUntilAsync("Now listening on")));
        await stream.ReadNextEventAsync();

        var terminatedAt = Stopwatch.GetTimestamp();
        await service.TerminateAsync();
        var next = await stream.ReadNextEventAsync();
        var (exitCode, _, error) = await service.WaitForExitAsync();

        Assert.That((next, exitCode, error), Is.EqualTo(((ServerSentEvent?)null, 0, "")));
        Assert.That(Stopwatch.GetElapsedTime(terminatedAt), Is.LessThan(TimeSpan.FromSeconds(5)));
        folder.Delete(recursive: true);
    }

    private static IEnumerable<TestCaseData> RejectedRequests()
    {
        yield return RejectedRequest("no token", new() { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return RejectedRequest("a malformed token", new() { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return RejectedRequest("Org-Handle missing", new() { Handle = null }, 400, "Org-Handle header is required.");
        yield return RejectedRequest(
            "space_token invalid", new() { SpaceToken = "a-b" }, 400, "space_token must be 1-30 ASCII letters or digits.");
        yield return RejectedRequest(
            "non-member", new() { Authorization = Tokens.CreateAuthorization("non-member") }, 404, "Organization not found.");
        yield return RejectedRequest("space unknown", new() { SpaceToken = "NOWHERE" }, 404, "Space not found.");
    }

    [TestCaseSource(nameof(RejectedRequests))]
    public async Task Rejected_stream_request_returns_the_same_error_as_a_plain_request(
        AnalyticsRequest request, int status, string message)
    {
        using var stream = await _service.OpenStreamAsync(request with { Headers = [("X-Request-Id", "mine")] });
        var plain = await _service.SendAsync(request with { Headers = [("X-Request-Id", "mine")] });

        Assert.That((plain.Status, plain.Message), Is.EqualTo((status, message)));
        Assert.That((stream.Status, await stream.ReadBodyAsync(), stream["Cache-Control"]),
            Is.EqualTo((plain.Status, plain.Body, plain["Cache-Control"])));
    }

    [Test]
    public async Task Head_request_returns_405()
    {
        var head = await _service.SendAsync(new AnalyticsRequest { Method = "HEAD", Path = EventStream.Path });

        Assert.That((head.Status, head["Allow"]), Is.EqualTo((405, "GET")));
    }

    [Test]
    public async Task Twenty_first_stream_of_a_user_returns_429_until_another_ends()
    {
        await _service.AddOrganisationAsync(2, "beta.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);
        await _service.AddMemberAsync(Acme.Id, "someone else");
        var streams = new List<EventStream> { await _service.OpenStreamAsync(new AnalyticsRequest { Handle = "beta.example" }) };
        while (streams.Count < 20)
        {
            streams.Add(await _service.OpenStreamAsync());
        }

        using var excess = await _service.OpenStreamAsync(new AnalyticsRequest { Handle = null });
        using var otherUserStream =
            await _service.OpenStreamAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization("someone else") });
        Assert.That((excess.Status, excess["Retry-After"], otherUserStream.Status), Is.EqualTo((429, "1", 200)));
        Assert.That(await excess.ReadBodyAsync(),
            Does.StartWith("""{"status_code":429,"message":"Too many requests.","code":"rate_limited","request_id":"""));

        streams[0].Dispose();
        using var next = await OpenStreamWhenPermittedAsync();
        Assert.That((await next.ReadNextEventAsync())!.Data, Is.Not.Null);
        streams.ForEach(stream => stream.Dispose());
    }

    [Test]
    public async Task Rejected_stream_requests_do_not_count_against_the_limit()
    {
        for (var attempt = 0; attempt < 21; attempt++)
        {
            using var rejected = await _service.OpenStreamAsync(new AnalyticsRequest { SpaceToken = "NOWHERE" });
            Assert.That(rejected.Status, Is.EqualTo(404));
        }

        using var stream = await _service.OpenStreamAsync();
        Assert.That(stream.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Forty_concurrent_stream_requests_open_exactly_twenty_streams()
    {
        var streams = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _service.OpenStreamAsync()));

        Assert.That(streams.CountBy(stream => stream.Status).ToDictionary(),
            Is.EqualTo(new Dictionary<int, int> { [200] = 20, [429] = 20 }));
        foreach (var stream in streams)
        {
            stream.Dispose();
        }
    }

    [Test]
    public async Task Process_limit_of_5000_streams_returns_503()
    {
        var limiter = _service.Services.GetRequiredService<StreamConcurrencyLimiter>();
        var leases = Enumerable.Range(0, 5_000).Select(_ => limiter.AcquireGlobal()).ToList();
        using (var rejected = await _service.OpenStreamAsync())
        {
            Assert.That((rejected.Status, rejected["Retry-After"]), Is.EqualTo((503, "1")));
            Assert.That(await rejected.ReadBodyAsync(),
                Does.StartWith("""{"status_code":503,"message":"Service temporarily unavailable.","code":"unavailable","request_id":"""));
        }

        leases[0].Dispose();
        using var stream = await _service.OpenStreamAsync();
        Assert.That((stream.Status, leases.Count(lease => lease.IsAcquired)), Is.EqualTo((200, 5_000)));
    }

    private static TestCaseData RejectedRequest(string caseName, AnalyticsRequest request, int status, string message) =>
        new TestCaseData(request, status, message).SetArgDisplayNames(caseName);

    private static AnalyticsRequest CreateResumeRequest(string id) => new() { Headers = [("Last-Event-ID", id)] };

    // The service notices a disconnected client when its connection is closed.
    private async Task<EventStream> OpenStreamWhenPermittedAsync()
    {
        var stopwatch = Stopwatch.StartNew();
        while (true)
        {
            var stream = await _service.OpenStreamAsync();
            if (stream.Status == 200 || stopwatch.Elapsed > TimeSpan.FromSeconds(10))
            {
                return stream;
            }

            stream.Dispose();
        }
    }
}

/// <summary>Measures how soon the stream sends a change; not parallelizable, since it measures time.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
[NonParallelizable]
internal sealed class LiveDelayTests(DatabaseEngine engine)
{
    [Test]
    public async Task Write_arrives_within_two_seconds()
    {
        await using var service = await Acme.StartServiceAsync(engine);
        using var stream = await service.OpenStreamAsync();
        await stream.ReadNextEventAsync();

        for (var written = 2; written <= 4; written++)
        {
            await service.AddSalesTasksAsync(new NativeTask($"{written}"));
            var sinceWritten = Stopwatch.GetTimestamp();
            var next = await stream.ReadNextEventAsync();

            Assert.That(Stopwatch.GetElapsedTime(sinceWritten), Is.LessThan(TimeSpan.FromSeconds(2)));
            var plain = await service.SendAsync();
            Assert.That(next, Is.EqualTo(new ServerSentEvent(plain["ETag"], plain.Body)));
        }
    }
}
