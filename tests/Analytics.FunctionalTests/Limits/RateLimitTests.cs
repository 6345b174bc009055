using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests.Limits;

/// <summary>The requests per minute of one user, and of one address without a valid token.</summary>
internal sealed class RateLimitTests
{
    private const string Origin = "https://app.example.com";
    private const string ReadsPolicy = "\"reads\";q=3;w=60";
    private const string WritesPolicy = "\"writes\";q=2;w=60";
    private const string AnonymousPolicy = "\"anonymous\";q=2;w=60";

    private static readonly AnalyticsRequest Anonymous = new() { Authorization = null };
    private static readonly AnalyticsRequest OtherCaller = new() { Authorization = Tokens.CreateAuthorization("neighbour") };
    private static readonly AnalyticsRequest WriteRequest = new() { Method = "POST" };

    private FakeTimeProvider _clock = null!;
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite,
            parts => parts.AddSingleton<TimeProvider>(_clock),
            ("RateLimit:Enabled", null),
            ("RateLimit:ReadsPerMinute", "3"),
            ("RateLimit:WritesPerMinute", "2"),
            ("RateLimit:AnonymousRequestsPerMinute", "2"),
            ("Cors:Origins:0", Origin));
        _clock.Advance(TimeSpan.FromSeconds(15.5));
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    private static IEnumerable<TestCaseData> ResponseCases()
    {
        yield return Case("data", new(), 200, ReadsPolicy, 2);
        yield return Case("headers only", new() { Method = "HEAD" }, 200, ReadsPolicy, 2);
        yield return Case("definitions", new() { Path = $"{AnalyticsRequest.AnalyticsPath}definitions/" }, 200, ReadsPolicy, 2);
        yield return Case("organisations", new() { Path = CatalogueRequests.OrganisationsPath }, 200, ReadsPolicy, 2);
        yield return Case("spaces", new() { Path = CatalogueRequests.SpacesPath }, 200, ReadsPolicy, 2);
        yield return Case("a file", new() { Query = "format=csv" }, 200, ReadsPolicy, 2);
        yield return Case("broken input", new() { Handle = null }, 400, ReadsPolicy, 2);
        yield return Case("unknown organisation", new() { Handle = "nobody.example" }, 404, ReadsPolicy, 2);
        yield return Case("foreign organisation", OtherCaller, 404, ReadsPolicy, 2);
        yield return Case("unknown route", new() { Path = "/api/v2/nothing" }, 404, ReadsPolicy, 2);
        yield return Case("no token", Anonymous, 401, AnonymousPolicy, 1);
        yield return Case("bad token", new() { Authorization = "jwt nonsense" }, 401, AnonymousPolicy, 1);
        yield return Case("unknown route, no token", Anonymous with { Path = "/api/v2/nothing" }, 404, AnonymousPolicy, 1);
        yield return Case("other method", WriteRequest, 405, WritesPolicy, 1);
    }

    [TestCaseSource(nameof(ResponseCases))]
    public async Task Response_carries_rate_limit_headers(AnalyticsRequest request, int status, string policy, int remaining)
    {
        var reply = await _service.SendAsync(request);

        Assert.That((reply.Status, reply["RateLimit-Policy"], reply["RateLimit"]),
            Is.EqualTo((status, policy, $"{policy.Split(';')[0]};r={remaining};t=45")));
    }

    [Test]
    public async Task Rate_limit_headers_are_on_304_and_errors()
    {
        var etag = (await _service.SendAsync())["ETag"]!;
        var notModified = await _service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", etag)] });
        File.Delete(_service.DatabaseFile);
        var unavailable = await _service.SendAsync();

        Assert.That((notModified.Status, notModified["RateLimit-Policy"], notModified["RateLimit"]),
            Is.EqualTo((304, ReadsPolicy, "\"reads\";r=1;t=45")));
        Assert.That((unavailable.Status, unavailable["RateLimit-Policy"], unavailable["RateLimit"]),
            Is.EqualTo((503, ReadsPolicy, "\"reads\";r=0;t=45")));
    }

    [Test]
    public async Task Over_limit_caller_gets_429_until_the_window_ends()
    {
        await SendAsync(new AnalyticsRequest { Handle = null }, times: 2);
        await SendAsync(new AnalyticsRequest { Handle = "nobody.example" }, times: 1);
        var overLimit =
            await _service.SendAsync(new AnalyticsRequest { Handle = null, Headers = [("X-Request-Id", "a"), ("Origin", Origin)] });
        var otherCaller = await _service.SendAsync(OtherCaller);
        var write = await _service.SendAsync(WriteRequest);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((overLimit.Status, overLimit.Body), Is.EqualTo(
                (429, """{"status_code":429,"message":"Too many requests.","code":"rate_limited","request_id":"a"}""")),
                "Whatever the results were, and before any other error");
            Assert.That((overLimit["Retry-After"], overLimit["RateLimit"], overLimit["Cache-Control"],
                overLimit["Access-Control-Allow-Origin"]), Is.EqualTo(("45", "\"reads\";r=0;t=45", "no-store", Origin)));
            Assert.That((otherCaller.Status, write.Status), Is.EqualTo((404, 405)), "Other users and policies have their own limits");
        }

        _clock.Advance(TimeSpan.FromSeconds(44));
        var soon = await _service.SendAsync();
        Assert.That((soon.Status, soon["Retry-After"]), Is.EqualTo((429, "1")));

        _clock.Advance(TimeSpan.FromSeconds(1));
        var later = await _service.SendAsync();
        Assert.That((later.Status, later["RateLimit"]), Is.EqualTo((200, "\"reads\";r=2;t=60")));
    }

    [Test]
    public async Task Over_limit_push_returns_429_before_reading_body_and_writes_nothing()
    {
        var written = await _service.PushAsync(new NativeTask("a"));
        var rejected = await _service.PushAsync(PushRequest.Create(new NativeTask("b")) with { ContentType = "text/plain" });
        var overLimit = await _service.PushAsync(PushRequest.Create(new NativeTask("c")) with { ContentType = "text/plain" });
        var viewer = await _service.PushAsync(
            PushRequest.Create(new NativeTask("d")) with { Authorization = Tokens.CreateAuthorization(Acme.MemberUserId) });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((written.Status, written["RateLimit-Policy"], written["RateLimit"]),
                Is.EqualTo((200, WritesPolicy, "\"writes\";r=1;t=45")));
            Assert.That((rejected.Status, rejected["RateLimit"]), Is.EqualTo((415, "\"writes\";r=0;t=45")));
            Assert.That((overLimit.Status, overLimit.Message, overLimit["Retry-After"], overLimit["RateLimit"]),
                Is.EqualTo((429, "Too many requests.", "45", "\"writes\";r=0;t=45")));
            Assert.That((viewer.Status, viewer["RateLimit"]), Is.EqualTo((403, "\"writes\";r=1;t=45")), "Another user is not limited");
            Assert.That(ResponseRows.GetTotalTasks(await _service.SendAsync()), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task Stream_response_carries_rate_limit_header()
    {
        using var client = _service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, EventStream.Path);
        request.Headers.TryAddWithoutValidation("Authorization", Tokens.CreateAuthorization(Acme.MemberUserId));
        request.Headers.Add("Org-Handle", Acme.Handle);
        using var stream = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(stream.Headers.GetValues("RateLimit"), Is.EqualTo(new[] { "\"reads\";r=2;t=45" }));
    }

    [Test]
    public async Task Over_limit_address_is_still_served_with_a_valid_token()
    {
        await SendAsync(Anonymous, times: 1);
        await SendAsync(Anonymous with { Authorization = "jwt nonsense" }, times: 1);

        var anonymous = await _service.SendAsync(Anonymous);
        var caller = await _service.SendAsync();

        Assert.That((anonymous.Status, anonymous["Retry-After"], anonymous["WWW-Authenticate"]), Is.EqualTo((429, "45", (string?)null)));
        Assert.That((caller.Status, caller["RateLimit"]), Is.EqualTo((200, "\"reads\";r=2;t=45")));
    }

    [Test]
    public async Task Unknown_routes_and_methods_are_not_rate_limited()
    {
        await SendAsync(Anonymous, times: 3);
        await SendAsync(WriteRequest, times: 3);

        var unknown = await _service.SendAsync(Anonymous with { Path = "/api/v2/nothing" });
        var method = await _service.SendAsync(WriteRequest);

        Assert.That((unknown.Status, method.Status), Is.EqualTo((404, 405)));
    }

    [TestCase("/health/live", "GET", 200), TestCase("/health/ready", "GET", 200), TestCase("/openapi/v1.json", "GET", 200),
        TestCase("/docs/", "GET", 200), TestCase("/nothing", "GET", 404), TestCase(AnalyticsRequest.AnalyticsPath, "OPTIONS", 204)]
    public async Task Health_documentation_and_preflight_requests_are_not_counted(string path, string method, int status)
    {
        for (var i = 0; i < 5; i++)
        {
            var reply = await _service.SendAsync(path, method, ("Origin", Origin), ("Access-Control-Request-Method", "GET"));
            Assert.That((reply.Status, reply["RateLimit"], reply["RateLimit-Policy"]), Is.EqualTo((status, (string?)null, (string?)null)));
        }

        Assert.That((await _service.SendAsync(Anonymous))["RateLimit"], Is.EqualTo("\"anonymous\";r=1;t=45"));
    }

    [Test]
    public async Task Disabled_rate_limit_rejects_nothing_and_sends_no_headers()
    {
        await using var service = await Acme.StartServiceAsync(("RateLimit:Enabled", "false"), ("RateLimit:ReadsPerMinute", "1"));
        await service.SendAsync();

        var reply = await service.SendAsync();

        Assert.That((reply.Status, reply["RateLimit"], reply["RateLimit-Policy"]), Is.EqualTo((200, (string?)null, (string?)null)));
    }

    [Test]
    public async Task Default_limits_match_the_documentation()
    {
        await using var service = await Acme.StartServiceAsync(("RateLimit:Enabled", null));

        var policies =
            new[] { await service.SendAsync(), await service.SendAsync(WriteRequest), await service.SendAsync(Anonymous) }.Select(
            reply => reply["RateLimit-Policy"]);

        Assert.That(policies, Is.EqualTo(new[] { "\"reads\";q=1200;w=60", "\"writes\";q=120;w=60", "\"anonymous\";q=60;w=60" }));
    }

    private async Task SendAsync(AnalyticsRequest request, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await _service.SendAsync(request);
        }
    }

    private static TestCaseData Case(string name, AnalyticsRequest request, int status, string policy, int remaining) =>
        new TestCaseData(request, status, policy, remaining).SetArgDisplayNames(name);
}
