using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>Which pages may ask from a browser.</summary>
internal sealed class CorsTests : AcmeFixture
{
    private const string Allowed = "https://app.example.com";
    private const string AllowedToo = "http://localhost:3000";

    private static readonly string[] RequestHeaders =
        ["Authorization", "Org-Handle", "Product-Id", "Content-Type", "Content-Encoding", "If-None-Match", "Last-Event-ID", "X-Request-Id"];

    private static readonly string[] ExposedHeaders =
        ["ETag", "Link", "Retry-After", "X-Request-Id", "RateLimit", "RateLimit-Policy", "Content-Disposition", "WWW-Authenticate"];

    [Test]
    public async Task APreflightSaysWhatIsAllowed([Values(Allowed, AllowedToo)] string origin, [Values("GET", "HEAD", "POST")] string method)
    {
        var reply = await PreflightAsync(origin, method, string.Join(",", RequestHeaders).ToLowerInvariant());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply["Access-Control-Allow-Origin"], reply["Access-Control-Max-Age"]), Is.EqualTo((204, origin, "600")));
            Assert.That(ListOf(reply, "Access-Control-Allow-Methods"), Is.EquivalentTo(["GET", "HEAD", "POST"]));
            Assert.That(ListOf(reply, "Access-Control-Allow-Headers"), Is.EquivalentTo(RequestHeaders).IgnoreCase);
            Assert.That(reply["Access-Control-Allow-Credentials"], Is.Null);
            Assert.That(reply["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        }
    }

    [TestCase("DELETE"), TestCase("PUT"), TestCase("PATCH")]
    public async Task APreflightDoesNotAllowOtherMethods(string method) =>
        Assert.That(ListOf(await PreflightAsync(Allowed, method), "Access-Control-Allow-Methods"), Does.Not.Contain(method));

    [Test]
    public async Task APreflightDoesNotAllowOtherHeaders() =>
        Assert.That(ListOf(await PreflightAsync(Allowed, "GET", "X-Other"), "Access-Control-Allow-Headers"), Does.Not.Contain("X-Other").IgnoreCase);

    private static IEnumerable<TestCaseData> Answers()
    {
        yield return Answer("data", new(), 200);
        yield return Answer("unknown route", new() { Path = "/nothing" }, 404);
        yield return Answer("other method", new() { Method = "DELETE" }, 405);
        yield return Answer("no token", new() { Authorization = null }, 401);
        yield return Answer("bad token", new() { Authorization = "jwt nonsense" }, 401);
        yield return Answer("broken input", new() { Handle = null }, 400);
        yield return Answer("unknown organisation", new() { Handle = "nobody.example" }, 404);
    }

    [TestCaseSource(nameof(Answers))]
    public async Task EveryAnswerIsReadableByAnAllowedOrigin(Question question, int status)
    {
        var reply = await AskFromAsync(Allowed, question);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply["Access-Control-Allow-Origin"]), Is.EqualTo((status, Allowed)));
            Assert.That(ListOf(reply, "Access-Control-Expose-Headers"), Is.EquivalentTo(ExposedHeaders));
            Assert.That(reply["Access-Control-Allow-Credentials"], Is.Null);
        }
    }

    [Test]
    public async Task ANotModifiedAnswerIsReadableToo()
    {
        var tag = (await Service.AskAsync())["ETag"]!;

        var reply = await AskFromAsync(Allowed, new() { Headers = [("If-None-Match", tag)] });

        Assert.That((reply.Status, reply["Access-Control-Allow-Origin"]), Is.EqualTo((304, Allowed)));
    }

    [Test]
    public async Task AnUnavailableServiceSaysSoToPagesToo()
    {
        await using var service = await StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.AskAsync(new Question { Headers = [("Origin", Allowed)] });

        Assert.That((reply.Status, reply["Access-Control-Allow-Origin"]), Is.EqualTo((503, Allowed)));
    }

    [Test]
    public async Task NoOriginIsAllowedUnlessSet()
    {
        await using var service = await Acme.StartAsync();

        Assert.That(CorsHeaders(await service.AskAsync(new Question { Headers = [("Origin", Allowed)] })), Is.Empty);
    }

    protected override Task<AnalyticsService> StartServiceAsync() => Acme.StartAsync(("Cors:Origins:0", Allowed), ("Cors:Origins:1", AllowedToo));

    private Task<Reply> PreflightAsync(string origin, string method, string headers = "authorization") => Service.AskAsync(
        Question.Analytics, "OPTIONS", ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

    private Task<Reply> AskFromAsync(string origin, Question question) =>
        Service.AskAsync(question with { Headers = [.. question.Headers, ("Origin", origin)] });

    private static string[] ListOf(Reply reply, string header) => reply[header]?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static IEnumerable<string> CorsHeaders(Reply reply) =>
        reply.Headers.Select(header => header.Name).Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));

    private static TestCaseData Answer(string what, Question question, int status) => new TestCaseData(question, status).SetArgDisplayNames(what);
}
