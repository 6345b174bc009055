using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

internal sealed class CorsTests : AcmeFixture
{
    private const string AllowedOrigin = "https://app.example.com";
    private const string SecondAllowedOrigin = "http://localhost:3000";

    private static readonly string[] RequestHeaders =
        ["Authorization", "Org-Handle", "Product-Id", "Content-Type", "Content-Encoding", "If-None-Match", "Last-Event-ID", "X-Request-Id"];

    private static readonly string[] ExposedHeaders =
        ["ETag", "Link", "Retry-After", "X-Request-Id", "RateLimit", "RateLimit-Policy", "Content-Disposition", "WWW-Authenticate"];

    [Test]
    public async Task Preflight_returns_allowed_methods_and_headers(
        [Values(AllowedOrigin, SecondAllowedOrigin)] string origin, [Values("GET", "HEAD", "POST")] string method)
    {
        var reply = await PreflightAsync(origin, method, string.Join(",", RequestHeaders).ToLowerInvariant());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply["Access-Control-Allow-Origin"], reply["Access-Control-Max-Age"]),
                Is.EqualTo((204, origin, "600")));
            Assert.That(GetHeaderValues(reply, "Access-Control-Allow-Methods"), Is.EquivalentTo(["GET", "HEAD", "POST"]));
            Assert.That(GetHeaderValues(reply, "Access-Control-Allow-Headers"), Is.EquivalentTo(RequestHeaders).IgnoreCase);
            Assert.That(reply["Access-Control-Allow-Credentials"], Is.Null);
            Assert.That(reply["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        }
    }

    [TestCase("DELETE"), TestCase("PUT"), TestCase("PATCH")]
    public async Task Preflight_does_not_allow_other_methods(string method) =>
        Assert.That(GetHeaderValues(await PreflightAsync(AllowedOrigin, method), "Access-Control-Allow-Methods"), Does.Not.Contain(method));

    [Test]
    public async Task Preflight_does_not_allow_other_headers() =>
        Assert.That(GetHeaderValues(await PreflightAsync(AllowedOrigin, "GET", "X-Other"), "Access-Control-Allow-Headers"),
            Does.Not.Contain("X-Other").IgnoreCase);

    private static IEnumerable<TestCaseData> ResponseCases()
    {
        yield return CreateCase("data", new(), 200);
        yield return CreateCase("unknown route", new() { Path = "/nothing" }, 404);
        yield return CreateCase("other method", new() { Method = "DELETE" }, 405);
        yield return CreateCase("no token", new() { Authorization = null }, 401);
        yield return CreateCase("bad token", new() { Authorization = "jwt nonsense" }, 401);
        yield return CreateCase("broken input", new() { Handle = null }, 400);
        yield return CreateCase("unknown organisation", new() { Handle = "nobody.example" }, 404);
    }

    [TestCaseSource(nameof(ResponseCases))]
    public async Task Allowed_origin_can_read_every_response(AnalyticsRequest request, int status)
    {
        var reply = await SendFromAsync(AllowedOrigin, request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply["Access-Control-Allow-Origin"]), Is.EqualTo((status, AllowedOrigin)));
            Assert.That(GetHeaderValues(reply, "Access-Control-Expose-Headers"), Is.EquivalentTo(ExposedHeaders));
            Assert.That(reply["Access-Control-Allow-Credentials"], Is.Null);
        }
    }

    [Test]
    public async Task Allowed_origin_can_read_304_response()
    {
        var etag = (await Service.SendAsync())["ETag"]!;

        var reply = await SendFromAsync(AllowedOrigin, new() { Headers = [("If-None-Match", etag)] });

        Assert.That((reply.Status, reply["Access-Control-Allow-Origin"]), Is.EqualTo((304, AllowedOrigin)));
    }

    [Test]
    public async Task Allowed_origin_can_read_503_response()
    {
        await using var service = await StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.SendAsync(new AnalyticsRequest { Headers = [("Origin", AllowedOrigin)] });

        Assert.That((reply.Status, reply["Access-Control-Allow-Origin"]), Is.EqualTo((503, AllowedOrigin)));
    }

    [Test]
    public async Task Cors_headers_are_absent_by_default()
    {
        await using var service = await Acme.StartServiceAsync();

        Assert.That(GetCorsHeaders(await service.SendAsync(new AnalyticsRequest { Headers = [("Origin", AllowedOrigin)] })), Is.Empty);
    }

    protected override Task<AnalyticsService> StartServiceAsync() =>
        Acme.StartServiceAsync(("Cors:Origins:0", AllowedOrigin), ("Cors:Origins:1", SecondAllowedOrigin));

    private Task<Reply> PreflightAsync(string origin, string method, string headers = "authorization") => Service.SendAsync(
        AnalyticsRequest.AnalyticsPath, "OPTIONS", ("Origin", origin), ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", headers));

    private Task<Reply> SendFromAsync(string origin, AnalyticsRequest request) =>
        Service.SendAsync(request with { Headers = [.. request.Headers, ("Origin", origin)] });

    private static string[] GetHeaderValues(Reply reply, string header) => reply[header]?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static IEnumerable<string> GetCorsHeaders(Reply reply) =>
        reply.Headers.Select(header => header.Name).Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));

    private static TestCaseData CreateCase(string name, AnalyticsRequest request, int status) =>
        new TestCaseData(request, status).SetArgDisplayNames(name);
}
