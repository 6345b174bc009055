using System.Diagnostics;
using Analytics.Api.Streaming;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>The stream: the plain answer at once, and again after each change of its tag.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
[NonParallelizable]
internal sealed class LiveTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task AnEventIsThePlainAnswerUnderItsTag()
    {
        await _service.HasSalesAsync(new NativeTask("scored") { SuccessScore = 467.50m }, new NativeTask("other") { ProductId = "unpod.tv" });
        var question = new Question { Space = Acme.Sales, Product = "unpod.dev" };

        var plain = await _service.AskAsync(question);
        using var stream = await _service.ListenAsync(question);
        var first = await stream.NextAsync();

        Assert.That(first, Is.EqualTo(new StreamEvent(plain["ETag"], plain.Body)));
    }

    [Test]
    public async Task ItHasTheHeadersOfDataAndIsNotHeldBack()
    {
        using var stream = await _service.ListenAsync(new Question { Headers = [("X-Request-Id", "mine")] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stream.Status, stream["Content-Type"]), Is.EqualTo((200, "text/event-stream")));
            Assert.That((stream["Cache-Control"], stream["Vary"]), Is.EqualTo(("private, no-cache", "Authorization, Org-Handle, Product-Id, Accept, Origin")));
            Assert.That((stream["X-Request-Id"], stream["X-Content-Type-Options"], stream["X-Accel-Buffering"]), Is.EqualTo(("mine", "nosniff", "no")));
            Assert.That((stream["ETag"], stream["Pragma"]), Is.EqualTo(((string?)null, (string?)null)));
        }
    }

    [Test]
    public async Task AWriteArrivesWithinTwoSeconds()
    {
        using var stream = await _service.ListenAsync();
        await stream.NextEventAsync();

        for (var written = 2; written <= 4; written++)
        {
            await _service.HasSalesAsync(new NativeTask($"{written}"));
            var sinceWritten = Stopwatch.GetTimestamp();
            var next = await stream.NextEventAsync();

            Assert.That(Stopwatch.GetElapsedTime(sinceWritten), Is.LessThan(TimeSpan.FromSeconds(2)));
            var plain = await _service.AskAsync();
            Assert.That(next, Is.EqualTo(new StreamEvent(plain["ETag"], plain.Body)));
        }
    }

    [Test]
    public async Task WhoHoldsTheAnswerGetsTheNextOneOnly([Values] bool isQuoted)
    {
        var tag = (await _service.AskAsync())["ETag"]!;
        using var stream = await _service.ListenAsync(Resuming(isQuoted ? tag : tag.Trim('"')));
        var first = await stream.NextAsync();

        await _service.HasSalesAsync(new NativeTask("second"));
        var next = await stream.NextEventAsync();

        var plain = await _service.AskAsync();
        Assert.That(first, Is.EqualTo(StreamEvent.Comment));
        Assert.That(next, Is.EqualTo(new StreamEvent(plain["ETag"], plain.Body)));
    }

    [Test]
    public async Task WhoMissedAChangeGetsTheAnswerAtOnce()
    {
        var tag = (await _service.AskAsync())["ETag"]!;
        await _service.HasSalesAsync(new NativeTask("second"));

        using var stream = await _service.ListenAsync(Resuming(tag));

        Assert.That((await stream.NextAsync())!.Id, Is.EqualTo((await _service.AskAsync())["ETag"]).And.Not.EqualTo(tag));
    }

    [Test]
    public async Task AnotherOrganisationsChangeIsNoEvent()
    {
        await _service.HasOrganisationAsync(2, "beta.example");
        await _service.HasMemberAsync(2, Acme.Member);
        await _service.HasSpaceAsync(2, 21, Acme.Sales);
        using var acmes = await _service.ListenAsync();
        using var betas = await _service.ListenAsync(new Question { Handle = "beta.example" });
        await betas.NextEventAsync();
        await acmes.NextEventAsync();

        await _service.HasTasksAsync(2, [new NativeTask("first").ToLine()], (21, Acme.Sales));
        await betas.NextEventAsync();
        await _service.HasSalesAsync(new NativeTask("second"));

        Assert.That((await acmes.NextEventAsync())!.Id, Is.EqualTo((await _service.AskAsync())["ETag"]));
    }

    [Test]
    public async Task AnArchivedSpaceEndsItsStream()
    {
        using var stream = await _service.ListenAsync(new Question { Space = Acme.Sales });
        await stream.NextEventAsync();

        await _service.HasSpaceAsync(Acme.Id, Acme.SalesId, Acme.Sales, status: "archived");

        Assert.That(await stream.NextEventAsync(), Is.Null);
    }

    [Test]
    public async Task ItEndsWhenTheTokenExpires()
    {
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var token = Tokens.Sign(Tokens.Claims(("user_id", Acme.Member), ("exp", expires.ToUnixTimeSeconds())));
        using var stream = await _service.ListenAsync(new Question { Authorization = $"jwt {token}" });
        await stream.NextEventAsync();

        var next = await stream.NextEventAsync();

        Assert.That(next, Is.Null);
        Assert.That(TimeProvider.System.GetUtcNow() - expires, Is.InRange(TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task ItEndsWhenTheServiceIsToldToStop()
    {
        var folder = Directory.CreateTempSubdirectory("analytics-start-");
        using var service = new ServiceProcess(folder, "Production",
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", _service.Database.ConnectionString), ("Jwt:SigningKeys:0", Tokens.Key));
        using var stream = await EventStream.OpenAsync(ServiceProcess.AddressIn(await service.ReadUntilAsync("Now listening on")));
        await stream.NextEventAsync();

        var sinceTold = Stopwatch.GetTimestamp();
        await service.TerminateAsync();
        var next = await stream.NextEventAsync();
        var (exitCode, _, error) = await service.EndAsync();

        Assert.That((next, exitCode, error), Is.EqualTo(((StreamEvent?)null, 0, "")));
        Assert.That(Stopwatch.GetElapsedTime(sinceTold), Is.LessThan(TimeSpan.FromSeconds(5)));
        folder.Delete(recursive: true);
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Refusal("no token", new() { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return Refusal("a malformed token", new() { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return Refusal("Org-Handle missing", new() { Handle = null }, 400, "Org-Handle header is required.");
        yield return Refusal("space_token broken", new() { Space = "a-b" }, 400, "space_token must be 1-30 ASCII letters or digits.");
        yield return Refusal("no member", new() { Authorization = Tokens.Jwt("a stranger") }, 404, "Organization not found.");
        yield return Refusal("space unknown", new() { Space = "NOWHERE" }, 404, "Space not found.");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task WhoMayNotAskGetsTheOrdinaryError(Question question, int status, string message)
    {
        using var stream = await _service.ListenAsync(question with { Headers = [("X-Request-Id", "mine")] });
        var plain = await _service.AskAsync(question with { Headers = [("X-Request-Id", "mine")] });

        Assert.That((plain.Status, plain.Message), Is.EqualTo((status, message)));
        Assert.That((stream.Status, await stream.BodyAsync(), stream["Cache-Control"]), Is.EqualTo((plain.Status, plain.Body, plain["Cache-Control"])));
    }

    [Test]
    public async Task OnlyGetStreams()
    {
        var head = await _service.AskAsync(new Question { Method = "HEAD", Path = EventStream.Path });

        Assert.That((head.Status, head["Allow"]), Is.EqualTo((405, "GET")));
    }

    [Test]
    public async Task ACallersSixthStreamIsRefusedUntilOneOfTheFiveEnds()
    {
        await _service.HasOrganisationAsync(2, "beta.example");
        await _service.HasMemberAsync(2, Acme.Member);
        await _service.HasMemberAsync(Acme.Id, "someone else");
        var five = new List<EventStream> { await _service.ListenAsync(new Question { Handle = "beta.example" }) };
        while (five.Count < 5)
        {
            five.Add(await _service.ListenAsync());
        }

        using var sixth = await _service.ListenAsync(new Question { Handle = null });
        using var another = await _service.ListenAsync(new Question { Authorization = Tokens.Jwt("someone else") });
        Assert.That((sixth.Status, sixth["Retry-After"], another.Status), Is.EqualTo((429, "1", 200)));
        Assert.That(await sixth.BodyAsync(), Does.StartWith("""{"status_code":429,"message":"Too many requests.","request_id":"""));

        five[0].Dispose();
        using var next = await ListenOnceThereIsAPlaceAsync();
        Assert.That((await next.NextEventAsync())!.Data, Is.Not.Null);
        five.ForEach(stream => stream.Dispose());
    }

    [Test]
    public async Task AnErrorTakesNoPlace()
    {
        for (var asked = 0; asked < 6; asked++)
        {
            using var refused = await _service.ListenAsync(new Question { Space = "NOWHERE" });
            Assert.That(refused.Status, Is.EqualTo(404));
        }

        using var stream = await _service.ListenAsync();
        Assert.That(stream.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AtOnceOpenedStreamsAreCountedExactly()
    {
        var streams = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _service.ListenAsync()));

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
        using (var refused = await _service.ListenAsync())
        {
            Assert.That((refused.Status, refused["Retry-After"]), Is.EqualTo((503, "1")));
            Assert.That(await refused.BodyAsync(), Does.StartWith("""{"status_code":503,"message":"Service temporarily unavailable.","request_id":"""));
        }

        places[0].Dispose();
        using var stream = await _service.ListenAsync();
        Assert.That((stream.Status, places.Count(place => place.IsAcquired)), Is.EqualTo((200, 5_000)));
    }

    private static TestCaseData Refusal(string when, Question question, int status, string message) =>
        new TestCaseData(question, status, message).SetArgDisplayNames(when);

    private static Question Resuming(string id) => new() { Headers = [("Last-Event-ID", id)] };

    /// <summary>The service hears of a caller that went away when its connection is closed.</summary>
    private async Task<EventStream> ListenOnceThereIsAPlaceAsync()
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var stream = await _service.ListenAsync();
            if (stream.Status == 200 || patience.Elapsed > TimeSpan.FromSeconds(10))
            {
                return stream;
            }

            stream.Dispose();
        }
    }
}
