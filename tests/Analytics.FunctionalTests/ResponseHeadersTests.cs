using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>The headers of every response.</summary>
internal sealed class ResponseHeadersTests : AcmeFixture
{
    private const string RequestIdHeader = "X-Request-Id";
    private const string Origin = "https://app.example.com";

    private static IEnumerable<TestCaseData> AllResponses()
    {
        yield return ResponseCase("data", new(), 200);
        yield return ResponseCase("unknown route", new() { Path = "/nothing" }, 404);
        yield return ResponseCase("other method", new() { Method = "DELETE" }, 405);
        yield return ResponseCase("no token", new() { Authorization = null }, 401);
        yield return ResponseCase("bad token", new() { Authorization = "jwt nonsense" }, 401);
        yield return ResponseCase("broken input", new() { Handle = null }, 400);
        yield return ResponseCase("unknown organisation", new() { Handle = "nobody.example" }, 404);
        yield return ResponseCase("unknown space", new() { SpaceToken = "NOWHERE" }, 404);
        yield return ResponseCase("live", new() { Path = "/health/live" }, 200);
        yield return ResponseCase("ready", new() { Path = "/health/ready" }, 200);
    }

    [TestCaseSource(nameof(AllResponses))]
    public async Task Every_response_has_the_common_headers(AnalyticsRequest request, int status)
    {
        var reply = await Service.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(status));
            Assert.That((reply["X-Content-Type-Options"], reply["Referrer-Policy"]), Is.EqualTo(("nosniff", "no-referrer")));
            Assert.That(reply["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(reply[RequestIdHeader], Does.Match("^[0-9a-f]{32}$"));
            Assert.That(reply["Server"], Is.Null);
        }
    }

    [TestCaseSource(nameof(AllResponses))]
    public async Task Head_response_equals_get_without_body(AnalyticsRequest request, int status)
    {
        if (request.Method != "GET")
        {
            request = request with { Path = "/nothing", Method = "GET" };
        }

        var get = await Service.SendAsync(request);
        var head = await Service.SendAsync(request with { Method = "HEAD" });

        Assert.That((head.Status, head.Body), Is.EqualTo((get.Status, "")));
        Assert.That(head.StableHeaders, Is.EqualTo(get.StableHeaders));
    }

    [Test]
    public async Task Trailing_slash_is_optional()
    {
        var withSlash = await Service.SendAsync();
        var withoutSlash = await Service.SendAsync(new AnalyticsRequest { Path = AnalyticsRequest.AnalyticsPath.TrimEnd('/') });

        Assert.That((withoutSlash.Status, withoutSlash.Body), Is.EqualTo((200, withSlash.Body)));
        Assert.That(withoutSlash.StableHeaders, Is.EqualTo(withSlash.StableHeaders));
    }

    [TestCase("a"), TestCase("the-Request_1.2"), TestCase(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        Description = "128")]
    public async Task Valid_request_id_is_echoed(string requestId) =>
        Assert.That(await GetRequestIdsAsync((RequestIdHeader, requestId)), Is.EqualTo((requestId, requestId)));

    [TestCase(""), TestCase("a b"), TestCase("a/b"), TestCase("a,b"), TestCase("a\"b"), TestCase("\u00E9"), TestCase("\u00C3\u00A9")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Description = "129")]
    public async Task Invalid_request_id_is_replaced(string requestId)
    {
        var (header, body) = await GetRequestIdsAsync((RequestIdHeader, requestId));

        Assert.That(header, Does.Match("^[0-9a-f]{32}$").And.EqualTo(body));
    }

    [Test]
    public async Task Duplicate_request_id_is_replaced()
    {
        var (header, _) = await GetRequestIdsAsync((RequestIdHeader, "one"), (RequestIdHeader, "one"));

        Assert.That(header, Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task Generated_request_ids_differ()
    {
        var first = await Service.SendAsync();
        var second = await Service.SendAsync();

        Assert.That(second[RequestIdHeader], Is.Not.EqualTo(first[RequestIdHeader]));
    }

    [TestCase("Accept", "*/*"), TestCase("Accept", "application/xml"), TestCase("Accept", "text/html, application/xhtml+xml, */*;q=0.8"),
        TestCase("Accept", "application/json;charset=utf-16"), TestCase("Accept", "nonsense;;")]
    [TestCase("Accept-Charset", "utf-16"), TestCase("Accept-Charset", "iso-8859-1, utf-16;q=0.5")]
    public async Task Accept_headers_without_csv_or_ndjson_return_the_same_JSON(string header, string value)
    {
        var plain = await Service.SendAsync();

        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [(header, value)] });

        Assert.That((reply["Content-Type"], reply.Body), Is.EqualTo(("application/json; charset=utf-8", plain.Body)));
    }

    [Test]
    public async Task Data_response_allows_private_caching_with_revalidation(
        [Values] bool hasMatchingETag, [Values(null, Origin)] string? origin, [Values("GET", "HEAD")] string method)
    {
        var etag = (await Service.SendAsync())["ETag"]!;
        IEnumerable<(string, string)> headers = [.. hasMatchingETag ? [("If-None-Match", etag)] : Array.Empty<(string, string)>(),
            .. origin is null ? [] : new[] { ("Origin", origin) }];

        var reply = await Service.SendAsync(new AnalyticsRequest { Method = method, Headers = headers });

        Assert.That(
            (reply.Status, reply["Cache-Control"], reply["Vary"]),
            Is.EqualTo((hasMatchingETag ? 304 : 200, "private, no-cache", "Authorization, Org-Handle, Product-Id, Accept, Accept-Encoding, Origin")));
    }

    protected override Task<AnalyticsService> StartServiceAsync() =>
        Acme.StartServiceAsync(("Cors:Origins:0", Origin), ("Cors:Origins:1", "https://admin.example.com"));

    private async Task<(string? Header, string Body)> GetRequestIdsAsync(params IEnumerable<(string, string)> headers)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Handle = null, Headers = headers });
        return (reply[RequestIdHeader], (string)reply.Json["request_id"]!);
    }

    private static TestCaseData ResponseCase(string caseName, AnalyticsRequest request, int status) =>
        new TestCaseData(request, status).SetArgDisplayNames(caseName);
}
