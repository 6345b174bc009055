using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Every row of the table of errors, byte for byte.</summary>
internal sealed class ErrorResponseTests : AcmeFixture
{
    private const string RequestId = "the-request.1_A";

    private static IEnumerable<TestCaseData> ErrorCases()
    {
        yield return CreateCase("unknown route", new() { Path = "/api/v2/platform/organisation/nothing/" }, 404, "Not found.");
        yield return CreateCase("other method", new() { Method = "POST" }, 405, "Method not allowed.");
        yield return CreateCase("no Authorization", new() { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return CreateCase(
            "another scheme", new() { Authorization = "Basic YTpi" }, 401, "Authentication credentials were not provided.");
        yield return CreateCase("the scheme without a token", new() { Authorization = "jwt" }, 401, "Invalid or expired token.");
        yield return CreateCase("a malformed token", new() { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return CreateCase("Org-Handle missing", new() { Handle = null }, 400, "Org-Handle header is required.", "Org-Handle");
        yield return CreateCase("Org-Handle broken", new() { Handle = "a b" }, 400,
            "Org-Handle must be 1-99 ASCII letters, digits, '.', '-' or '_'.", "Org-Handle");
        yield return CreateCase("Product-Id broken", new() { Product = "a b" }, 400,
            "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.", "Product-Id");
        yield return CreateCase(
            "space_token broken", new() { SpaceToken = "a-b" }, 400, "space_token must be 1-30 ASCII letters or digits.", "space_token");
        yield return CreateCase("handle unknown", new() { Handle = "nobody.example" }, 404, "Organization not found.");
        yield return CreateCase("space unknown", new() { SpaceToken = "NOWHERE" }, 404, "Space not found.");
    }

    [TestCaseSource(nameof(ErrorCases))]
    public async Task Error_response_has_the_documented_body(AnalyticsRequest request, int status, string body)
    {
        var reply = await Service.SendAsync(request);

        AssertIsError(reply, status, body);
    }

    [Test]
    public async Task Internal_error_returns_500_without_exception_text()
    {
        await using var service = await AnalyticsService.StartAsync(DatabaseEngine.Sqlite,
            services => services.AddSingleton<DbDataSource>(new FailingDataSource(new InvalidOperationException("a secret"))));

        var reply = await service.SendAsync(WithRequestId(new()));

        AssertIsError(reply, 500, CreateBody(500, "Internal server error."));
    }

    [Test]
    public async Task Missing_database_returns_503_with_Retry_After()
    {
        await using var service = await Acme.StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.SendAsync(WithRequestId(new()));

        AssertIsError(reply, 503, CreateBody(503, "Service temporarily unavailable."));
        Assert.That(reply["Retry-After"], Does.Match("^[1-9][0-9]*$"));
    }

    [TestCase("POST"), TestCase("PUT"), TestCase("PATCH"), TestCase("DELETE"), TestCase("OPTIONS")]
    public async Task Unsupported_method_returns_405_with_Allow_header(string method)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Method = method });

        Assert.That((reply.Status, reply["Allow"]), Is.EqualTo((405, "GET, HEAD")));
    }

    [TestCase(null), TestCase("jwt nonsense")]
    public async Task Unauthenticated_request_gets_supported_schemes_in_WWW_Authenticate(string? authorization)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Authorization = authorization });

        Assert.That(reply.GetValues("WWW-Authenticate"), Is.EqualTo(["jwt realm=\"api\"", "Bearer realm=\"api\""]));
    }

    [Test]
    public async Task Validation_error_names_every_invalid_input()
    {
        var reply = await Service.SendAsync(WithRequestId(new() { Handle = "a/b", Product = "a/b", SpaceToken = "a/b" }));

        Assert.That(reply.Json["errors"]!.AsObject().Select(input => input.Key), Is.EqualTo(["Org-Handle", "Product-Id", "space_token"]));
    }

    private static void AssertIsError(Reply reply, int status, string body)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Body), Is.EqualTo((status, body)));
            Assert.That(reply["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(reply["Cache-Control"], Is.EqualTo("no-store"));
            Assert.That(reply["X-Request-Id"], Is.EqualTo(RequestId));
            Assert.That((reply["ETag"], reply["Pragma"], reply["Expires"]), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
        }
    }

    private static TestCaseData CreateCase(string name, AnalyticsRequest request, int status, string message, string? input = null) =>
        new TestCaseData(WithRequestId(request), status, CreateBody(status, message, input)).SetArgDisplayNames(name);

    private static AnalyticsRequest WithRequestId(AnalyticsRequest request) => request with { Headers = [("X-Request-Id", RequestId)] };

    private static string CreateBody(int status, string message, string? input = null)
    {
        var errors = input is null ? "" : $$""","errors":{"{{input}}":["{{message}}"]}""";
        return $$"""{"status_code":{{status}},"message":"{{message}}"{{errors}},"request_id":"{{RequestId}}"}""";
    }

    private sealed class FailingDataSource(Exception exception) : DbDataSource
    {
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => throw exception;
    }
}
