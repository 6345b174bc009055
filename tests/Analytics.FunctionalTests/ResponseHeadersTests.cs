using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>What every response carries, whoever answers.</summary>
internal sealed class ResponseHeadersTests : AcmeFixture
{
    private const string RequestId = "X-Request-Id";
    private const string Origin = "https://app.example.com";

    private static IEnumerable<TestCaseData> Everything()
    {
        yield return Case("data", new(), 200);
        yield return Case("unknown route", new() { Path = "/nothing" }, 404);
        yield return Case("other method", new() { Method = "DELETE" }, 405);
        yield return Case("no token", new() { Authorization = null }, 401);
        yield return Case("bad token", new() { Authorization = "jwt nonsense" }, 401);
        yield return Case("broken input", new() { Handle = null }, 400);
        yield return Case("unknown organisation", new() { Handle = "nobody.example" }, 404);
        yield return Case("unknown space", new() { SpaceToken = "NOWHERE" }, 404);
        yield return Case("live", new() { Path = "/health/live" }, 200);
        yield return Case("ready", new() { Path = "/health/ready" }, 200);
    }

    [TestCaseSource(nameof(Everything))]
    public async Task EveryResponseHasThem(AnalyticsRequest question, int status)
    {
        var reply = await Service.SendAsync(question);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(status));
            Assert.That(reply["X-Content-Type-Options"], Is.EqualTo("nosniff"));
            Assert.That(reply["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(reply[RequestId], Does.Match("^[0-9a-f]{32}$"));
            Assert.That(reply["Server"], Is.Null);
        }
    }

    [TestCaseSource(nameof(Everything))]
    public async Task HeadAnswersLikeGetWithoutABody(AnalyticsRequest question, int status)
    {
        if (question.Method != "GET")
        {
            question = question with { Path = "/nothing", Method = "GET" };
        }

        var get = await Service.SendAsync(question);
        var head = await Service.SendAsync(question with { Method = "HEAD" });

        Assert.That((head.Status, head.Body), Is.EqualTo((get.Status, "")));
        Assert.That(head.StableHeaders, Is.EqualTo(get.StableHeaders));
    }

    [Test]
    public async Task TheFinalSlashMakesNoDifference()
    {
        var with = await Service.SendAsync();
        var without = await Service.SendAsync(new AnalyticsRequest { Path = AnalyticsRequest.AnalyticsPath.TrimEnd('/') });

        Assert.That((without.Status, without.Body), Is.EqualTo((200, with.Body)));
        Assert.That(without.StableHeaders, Is.EqualTo(with.StableHeaders));
    }

    [TestCase("a"), TestCase("the-Request_1.2"), TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Description = "128")]
    public async Task AFitRequestIdIsTheCallers(string given) => Assert.That(await RequestIdsAsync((RequestId, given)), Is.EqualTo((given, given)));

    [TestCase(""), TestCase("a b"), TestCase("a/b"), TestCase("a,b"), TestCase("a\"b"), TestCase("\u00E9"), TestCase("\u00C3\u00A9")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Description = "129")]
    public async Task AnyOtherRequestIdIsReplaced(string given)
    {
        var (header, body) = await RequestIdsAsync((RequestId, given));

        Assert.That(header, Does.Match("^[0-9a-f]{32}$").And.EqualTo(body));
    }

    [Test]
    public async Task ARequestIdGivenTwiceIsReplaced()
    {
        var (header, _) = await RequestIdsAsync((RequestId, "one"), (RequestId, "one"));

        Assert.That(header, Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task EveryRequestHasItsOwnId()
    {
        var first = await Service.SendAsync();
        var second = await Service.SendAsync();

        Assert.That(second[RequestId], Is.Not.EqualTo(first[RequestId]));
    }

    [TestCase("Accept", "*/*"), TestCase("Accept", "application/xml"), TestCase("Accept", "text/html, application/xhtml+xml, */*;q=0.8"), TestCase("Accept", "application/json;charset=utf-16"), TestCase("Accept", "nonsense;;")]
    [TestCase("Accept-Charset", "utf-16"), TestCase("Accept-Charset", "iso-8859-1, utf-16;q=0.5")]
    public async Task TheContentTypeIsTheSameWhateverIsAccepted(string header, string value)
    {
        var plain = await Service.SendAsync();

        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [(header, value)] });

        Assert.That((reply["Content-Type"], reply.Body), Is.EqualTo(("application/json; charset=utf-8", plain.Body)));
    }

    [Test]
    public async Task DataMayBeKeptByTheCallerWhoChecks([Values] bool isKnown, [Values(null, Origin)] string? origin, [Values("GET", "HEAD")] string method)
    {
        var tag = (await Service.SendAsync())["ETag"]!;
        IEnumerable<(string, string)> headers = [.. isKnown ? [("If-None-Match", tag)] : Array.Empty<(string, string)>(), .. origin is null ? [] : new[] { ("Origin", origin) }];

        var reply = await Service.SendAsync(new AnalyticsRequest { Method = method, Headers = headers });

        Assert.That(
            (reply.Status, reply["Cache-Control"], reply["Vary"]),
            Is.EqualTo((isKnown ? 304 : 200, "private, no-cache", "Authorization, Org-Handle, Product-Id, Accept, Origin")));
    }

    protected override Task<AnalyticsService> StartServiceAsync() =>
        Acme.StartServiceAsync(("Cors:Origins:0", Origin), ("Cors:Origins:1", "https://admin.example.com"));

    private async Task<(string? Header, string Body)> RequestIdsAsync(params IEnumerable<(string, string)> headers)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Handle = null, Headers = headers });
        return (reply[RequestId], (string)reply.Json["request_id"]!);
    }

    private static TestCaseData Case(string what, AnalyticsRequest question, int status) => new TestCaseData(question, status).SetArgDisplayNames(what);
}
