using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>Only the configured origins can read a response or an error, of any route.</summary>
internal sealed class CorsAttackTests : AttackFixture
{
    private const string AllowedOrigin = "https://app.example.com";

    [TestCase("https://evil.example"), TestCase("null"), TestCase("file://"), TestCase(""), TestCase("*"),
        TestCase("https://app.example.com, https://evil.example")]
    [TestCase("http://app.example.com", Description = "scheme"), TestCase("https://app.example.com:444", Description = "port"),
        TestCase("https://app.example.com:8443"), TestCase("ws://app.example.com"), TestCase("app.example.com")]
    [TestCase("https://x.app.example.com"), TestCase("https://xapp.example.com"), TestCase("https://app-example.com"), TestCase(
        "https://app.example.com.evil.example"), TestCase("https://evil.example/?https://app.example.com"), TestCase(
            "https://app.example.com@evil.example"), TestCase("https://app.example.com%00.evil.example"), TestCase(
                "https://app.example.com_.evil.example"), TestCase("https://app.example.com/"), TestCase("https://app\u3002example.com"),
                TestCase("https://example.com")]
    public async Task Foreign_origin_gets_no_cors_headers(string origin)
    {
        origin = System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(origin));
        foreach (var route in Route.All)
        {
            AnalyticsRequest[] requests = [new() { Authorization = Tokens.CreateAuthorization(PushRequest.EditorUserId) },
                new() { Authorization = null }, new() { Handle = null }, new() { Handle = Victim.Handle }];
            var replies =
                await Task.WhenAll(requests.Select(request => Service.SendAsync(route, request with { Headers = [("Origin", origin)] })));
            var preflight = await PreflightAsync(route, origin);

            Assert.That(replies.Append(preflight).SelectMany(GetCorsHeaders), Is.Empty, $"{route}");
            Assert.That(replies.Select(reply => reply.Status),
                Is.EqualTo(Route.OrganisationRoutes.Contains(route) ? new[] { 200, 401, 400, 404 } : [200, 401, 200, 200]), $"{route}");
        }
    }

    [Test]
    public async Task Allowed_origin_cannot_send_credentials()
    {
        foreach (var route in Route.All)
        {
            var reply = await Service.SendAsync(route, new AnalyticsRequest {
                Authorization = Tokens.CreateAuthorization(PushRequest.EditorUserId), Headers = [("Origin", AllowedOrigin)] });
            var preflight = await PreflightAsync(route, AllowedOrigin);

            Assert.That((reply["Access-Control-Allow-Origin"], preflight["Access-Control-Allow-Origin"]),
                Is.EqualTo((AllowedOrigin, AllowedOrigin)), $"{route}");
            Assert.That((reply["Access-Control-Allow-Credentials"], preflight["Access-Control-Allow-Credentials"]),
                Is.EqualTo(((string?)null, (string?)null)), $"{route}");
        }
    }

    protected override async Task<AnalyticsService> StartServiceAsync() =>
        await AddVictimAsync(await Acme.StartServiceAsync(("Cors:Origins:0", AllowedOrigin)));

    private Task<Reply> PreflightAsync(Route route, string origin) => Service.SendAsync(
        route.Path, "OPTIONS", ("Origin", origin), ("Access-Control-Request-Method", route.Method),
        ("Access-Control-Request-Headers", "authorization,org-handle"));

    private static IEnumerable<string> GetCorsHeaders(Reply reply) =>
        reply.Headers.Select(header => header.Name).Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
}
