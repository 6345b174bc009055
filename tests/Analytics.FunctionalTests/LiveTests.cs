using System.Diagnostics;
using Analytics.Api.Streaming;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>The stream: the plain answer at once, and again after each change of its tag.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class LiveTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartServiceAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task AnEventIsThePlainAnswerUnderItsTag()
    {
        await _service.AddSalesTasksAsync(new NativeTask("scored") { SuccessScore = 467.50m }, new NativeTask("other") { ProductId = "unpod.tv" });
        var question = new AnalyticsRequest { SpaceToken = Acme.SalesToken, Product = "unpod.dev" };

        var plain = await _service.SendAsync(question);
        using var stream = await _service.OpenStreamAsync(question);
        var first = await stream.ReadNextAsync();

        Assert.That(first, Is.EqualTo(new ServerSentEvent(plain["ETag"], plain.Body)));
    }

    [Test]
    public async Task ItHasTheHeadersOfDataAndIsNotHeldBack()
    {
        using var stream = await _service.OpenStreamAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "mine")] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stream.Status, stream["Content-Type"]), Is.EqualTo((200, "text/event-stream")));
            Assert.That((stream["Cache-Control"], stream["Vary"]), Is.EqualTo(("private, no-cache", "Authorization, Org-Handle, Product-Id, Accept, Origin")));
            Assert.That((stream["X-Request-Id"], stream["X-Content-Type-Options"], stream["X-Accel-Buffering"]), Is.EqualTo(("mine", "nosniff", "no")));
            Assert.That((stream["ETag"], stream["Pragma"]), Is.EqualTo(((string?)null, (string?)null)));
        }
    }

    [Test]
    public async Task WhoHoldsTheAnswerGetsTheNextOneOnly([Values] bool isQuoted)
    {
        var tag = (await _service.SendAsync())["ETag"]!;
        using var stream = await _service.OpenStreamAsync(Resuming(isQuoted ? tag : tag.Trim('"')));
        var first = await stream.ReadNextAsync();

        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var next = await stream.ReadNextEventAsync();

        var plain = await _service.SendAsync();
        Assert.That(first, Is.EqualTo(ServerSentEvent.Comment));
        Assert.That(next, Is.EqualTo(new ServerSentEvent(plain["ETag"], plain.Body)));
    }

    [Test]
    public async Task WhoMissedAChangeGetsTheAnswerAtOnce()
    {
        var tag = (await _service.SendAsync())["ETag"]!;
        await _service.AddSalesTasksAsync(new NativeTask("second"));

        using var stream = await _service.OpenStreamAsync(Resuming(tag));

        Assert.That((await stream.ReadNextAsync())!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]).And.Not.EqualTo(tag));
    }

    [Test]
    public async Task AnotherOrganisationsChangeIsNoEvent()
    {
        await _service.AddOrganisationAsync(2, "beta.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);
        await _service.AddSpaceAsync(2, 21, Acme.SalesToken);
        using var acmes = await _service.OpenStreamAsync();
        using var betas = await _service.OpenStreamAsync(new AnalyticsRequest { Handle = "beta.example" });
        await betas.ReadNextEventAsync();
        await acmes.ReadNextEventAsync();

        await _service.ImportTasksAsync(2, [new NativeTask("first").ToLine()], (21, Acme.SalesToken));
        await betas.ReadNextEventAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));

        Assert.That((await acmes.ReadNextEventAsync())!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
    }

    [Test]
    public async Task AnArchivedSpaceEndsItsStream()
    {
        using var stream = await _service.OpenStreamAsync(new AnalyticsRequest { SpaceToken = Acme.SalesToken });
        await stream.ReadNextEventAsync();

        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");

        Assert.That(await stream.ReadNextEventAsync(), Is.Null);
    }

    [Test]
    public async Task ItEndsWhenTheTokenExpires()
    {
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var token = Tokens.Sign(Tokens.CreateClaims(("user_id", Acme.MemberUserId), ("exp", expires.ToUnixTimeSeconds())));
        using var stream = await _service.OpenStreamAsync(new AnalyticsRequest { Authorization = $"jwt {token}" });
        await stream.ReadNextEventAsync();

        var next = await stream.ReadNextEventAsync();

        Assert.That(next, Is.Null);
        Assert.That(TimeProvider.System.GetUtcNow() - expires, Is.InRange(TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(5)), "The rest is for a busy machine");
    }

    [Test]
    public async Task ItEndsWhenTheServiceIsToldToStop()
    {
        var folder = Directory.CreateTempSubdirectory("analytics-start-");
        using var service = new ServiceProcess(folder, "Production",
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", _service.Database.ConnectionString), ("Jwt:SigningKeys:0", Tokens.SigningKey), ("Shutdown:DrainSeconds", "0"));
        using var stream = await EventStream.OpenAsync(ServiceProcess.ParseAddress(await service.ReadUntilAsync("Now listening on")));
        await stream.ReadNextEventAsync();

        var sinceTold = Stopwatch.GetTimestamp();
        await service.TerminateAsync();
        var next = await stream.ReadNextEventAsync();
        var (exitCode, _, error) = await service.WaitForExitAsync();

        Assert.That((next, exitCode, error), Is.EqualTo(((ServerSentEvent?)null, 0, "")));
        Assert.That(Stopwatch.GetElapsedTime(sinceTold), Is.LessThan(TimeSpan.FromSeconds(5)));
        folder.Delete(recursive: true);
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Refusal("no token", new() { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return Refusal("a malformed token", new() { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return Refusal("Org-Handle missing", new() { Handle = null }, 400, "Org-Handle header is required.");
        yield return Refusal("space_token broken", new() { SpaceToken = "a-b" }, 400, "space_token must be 1-30 ASCII letters or digits.");
        yield return Refusal("no member", new() { Authorization = Tokens.CreateAuthorization("a stranger") }, 404, "Organization not found.");
        yield return Refusal("space unknown", new() { SpaceToken = "NOWHERE" }, 404, "Space not found.");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task WhoMayNotAskGetsTheOrdinaryError(AnalyticsRequest question, int status, string message)
    {
        using var stream = await _service.OpenStreamAsync(question with { Headers = [("X-Request-Id", "mine")] });
        var plain = await _service.SendAsync(question with { Headers = [("X-Request-Id", "mine")] });

        Assert.That((plain.Status, plain.Message), Is.EqualTo((status, message)));
        Assert.That((stream.Status, await stream.ReadBodyAsync(), stream["Cache-Control"]), Is.EqualTo((plain.Status, plain.Body, plain["Cache-Control"])));
    }

    [Test]
    public async Task OnlyGetStreams()
    {
        var head = await _service.SendAsync(new AnalyticsRequest { Method = "HEAD", Path = EventStream.Path });

        Assert.That((head.Status, head["Allow"]), Is.EqualTo((405, "GET")));
    }

    [Test]
    public async Task ACallersSixthStreamIsRefusedUntilOneOfTheFiveEnds()
    {
        await _service.AddOrganisationAsync(2, "beta.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);
        await _service.AddMemberAsync(Acme.Id, "someone else");
        var five = new List<EventStream> { await _service.OpenStreamAsync(new AnalyticsRequest { Handle = "beta.example" }) };
        while (five.Count < 5)
        {
            five.Add(await _service.OpenStreamAsync());
        }

        using var sixth = await _service.OpenStreamAsync(new AnalyticsRequest { Handle = null });
        using var another = await _service.OpenStreamAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization("someone else") });
        Assert.That((sixth.Status, sixth["Retry-After"], another.Status), Is.EqualTo((429, "1", 200)));
        Assert.That(await sixth.ReadBodyAsync(), Does.StartWith("""{"status_code":429,"message":"Too many requests.","request_id":"""));

        five[0].Dispose();
        using var next = await ListenOnceThereIsAPlaceAsync();
        Assert.That((await next.ReadNextEventAsync())!.Data, Is.Not.Null);
        five.ForEach(stream => stream.Dispose());
    }

    [Test]
    public async Task AnErrorTakesNoPlace()
    {
        for (var asked = 0; asked < 6; asked++)
        {
            using var refused = await _service.OpenStreamAsync(new AnalyticsRequest { SpaceToken = "NOWHERE" });
            Assert.That(refused.Status, Is.EqualTo(404));
        }

        using var stream = await _service.OpenStreamAsync();
        Assert.That(stream.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AtOnceOpenedStreamsAreCountedExactly()
    {
        var streams = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _service.OpenStreamAsync()));

        Assert.That(streams.CountBy(stream => stream.Status).ToDictionary(), Is.EqualTo(new Dictionary<int, int> { [200] = 5, [429] = 35 }));
        foreach (var stream in streams)
        {
            stream.Dispose();
        }
    }

    [Test]
    public async Task WhenTheProcessHasItsMostItIsUnavailable()
    {
        var limits = _service.Services.GetRequiredService<StreamConcurrencyLimiter>();
        var places = Enumerable.Range(0, 5_000).Select(_ => limits.AcquireGlobal()).ToList();
        using (var refused = await _service.OpenStreamAsync())
        {
            Assert.That((refused.Status, refused["Retry-After"]), Is.EqualTo((503, "1")));
            Assert.That(await refused.ReadBodyAsync(), Does.StartWith("""{"status_code":503,"message":"Service temporarily unavailable.","request_id":"""));
        }

        places[0].Dispose();
        using var stream = await _service.OpenStreamAsync();
        Assert.That((stream.Status, places.Count(place => place.IsAcquired)), Is.EqualTo((200, 5_000)));
    }

    private static TestCaseData Refusal(string when, AnalyticsRequest question, int status, string message) =>
        new TestCaseData(question, status, message).SetArgDisplayNames(when);

    private static AnalyticsRequest Resuming(string id) => new() { Headers = [("Last-Event-ID", id)] };

    /// <summary>The service hears of a caller that went away when its connection is closed.</summary>
    private async Task<EventStream> ListenOnceThereIsAPlaceAsync()
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var stream = await _service.OpenStreamAsync();
            if (stream.Status == 200 || patience.Elapsed > TimeSpan.FromSeconds(10))
            {
                return stream;
            }

            stream.Dispose();
        }
    }
}

/// <summary>How soon a change is in the stream. Alone, since it measures time.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
[NonParallelizable]
internal sealed class LiveDelayTests(DatabaseEngine engine)
{
    [Test]
    public async Task AWriteArrivesWithinTwoSeconds()
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
