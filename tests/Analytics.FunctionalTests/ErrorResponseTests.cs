using System.Data.Common;
using System.Text;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Every row of the table of errors, byte for byte.</summary>
internal sealed class ErrorResponseTests : AcmeFixture
{
    private const string RequestId = "the-request.1_A";
    private const string CredentialsMissing = "Authentication credentials were not provided.";
    private const string TokenInvalid = "Invalid or expired token.";

    private static IEnumerable<TestCaseData> ErrorCases()
    {
        yield return CreateCase(
            "unknown route", new() { Path = "/api/v2/platform/organisation/nothing/" }, 404, "not_found", "Not found.");
        yield return CreateCase("other method", new() { Method = "POST" }, 405, "method_not_allowed", "Method not allowed.");
        yield return CreateCase("no Authorization", new() { Authorization = null }, 401, "authentication_required", CredentialsMissing);
        yield return CreateCase(
            "another scheme", new() { Authorization = "Basic YTpi" }, 401, "authentication_required", CredentialsMissing);
        yield return CreateCase(
            "neither a scheme nor a token", new() { Authorization = "a.b" }, 401, "authentication_required", CredentialsMissing);
        yield return CreateCase(
            "a token without a scheme",
            new() { Authorization = Tokens.Create(Acme.MemberUserId) },
            401,
            "scheme_missing",
            CredentialsMissing,
            ("Authorization", "Send the scheme, a space and the token: Authorization: jwt <token>, or Bearer <token>."));
        yield return CreateCase("the scheme without a token", new() { Authorization = "jwt" }, 401, "token_invalid", TokenInvalid);
        yield return CreateCase("a malformed token", new() { Authorization = "jwt nonsense" }, 401, "token_invalid", TokenInvalid);
        yield return CreateCase(
            "Org-Handle missing", new() { Handle = null }, 400, "org_handle_required", "Org-Handle header is required.", "Org-Handle");
        yield return CreateCase("Org-Handle broken", new() { Handle = "a b" }, 400, "invalid_parameter",
            "Org-Handle must be 1-99 ASCII letters, digits, '.', '-' or '_'.", "Org-Handle");
        yield return CreateCase("Product-Id broken", new() { Product = "a b" }, 400, "invalid_parameter",
            "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.", "Product-Id");
        yield return CreateCase(
            "space_token broken", new() { SpaceToken = "a-b" }, 400, "invalid_parameter",
            "space_token must be 1-30 ASCII letters or digits.", "space_token");
        yield return CreateCase(
            "handle unknown", new() { Handle = "nobody.example" }, 404, "organization_not_found", "Organization not found.");
        yield return CreateCase("space unknown", new() { SpaceToken = "NOWHERE" }, 404, "space_not_found", "Space not found.");
    }

    private static IEnumerable<TestCaseData> PushErrorCases()
    {
        yield return CreatePushCase("wrong type", push => push with { ContentType = "text/csv" }, 415, "unsupported_media_type");
        yield return CreatePushCase("wrong encoding", push => push with { ContentEncoding = "br" }, 415, "unsupported_encoding");
        yield return CreatePushCase(
            "too large", push => push with { Body = new byte[(16 * 1024 * 1024) + 1] }, 413, "body_too_large");
        yield return CreatePushCase(
            "too many lines", push => push with { Body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 10_001))) },
            413, "body_too_large");
        yield return CreatePushCase("not gzip", push => push with { ContentEncoding = "gzip" }, 400, "invalid_body");
        yield return CreatePushCase("not UTF-8", push => push with { Body = new byte[] { 0xFF } }, 400, "invalid_body");
        yield return CreatePushCase(
            "no role", push => push with { Authorization = Tokens.CreateAuthorization("viewer") }, 403, "write_forbidden");
    }

    [TestCaseSource(nameof(ErrorCases))]
    public async Task Error_response_has_the_documented_body(AnalyticsRequest request, int status, string body)
    {
        var reply = await Service.SendAsync(request);

        AssertIsError(reply, status, body);
    }

    [TestCaseSource(nameof(PushErrorCases))]
    public async Task Push_error_has_the_documented_code(Func<PushRequest, PushRequest> change, int status, string code)
    {
        await using var service = await Acme.StartServiceAsync();
        await service.AddMemberAsync(Acme.Id, "viewer");

        var reply = await service.PushAsync(change(PushRequest.FromText("{}")));

        Assert.That((reply.Status, (string?)reply.Json["code"]), Is.EqualTo((status, code)));
    }

    [Test]
    public async Task Internal_error_returns_500_without_exception_text()
    {
        await using var service = await AnalyticsService.StartAsync(DatabaseEngine.Sqlite,
            services => services.AddSingleton<DbDataSource>(new FailingDataSource(new InvalidOperationException("a secret"))));

        var reply = await service.SendAsync(WithRequestId(new()));

        AssertIsError(reply, 500, CreateBody(500, "internal_error", "Internal server error."));
    }

    [Test]
    public async Task Missing_database_returns_503_with_Retry_After()
    {
        await using var service = await Acme.StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.SendAsync(WithRequestId(new()));

        AssertIsError(reply, 503, CreateBody(503, "unavailable", "Service temporarily unavailable."));
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

    private static TestCaseData CreateCase(
        string name, AnalyticsRequest request, int status, string code, string message, string? input = null) =>
        CreateCase(name, request, status, code, message, input is null ? default : (input, message));

    private static TestCaseData CreateCase(
        string name, AnalyticsRequest request, int status, string code, string message, (string Input, string Rule) error) =>
        new TestCaseData(WithRequestId(request), status, CreateBody(status, code, message, error)).SetArgDisplayNames(name);

    private static TestCaseData CreatePushCase(string name, Func<PushRequest, PushRequest> change, int status, string code) =>
        new TestCaseData(change, status, code).SetArgDisplayNames(name);

    private static AnalyticsRequest WithRequestId(AnalyticsRequest request) => request with { Headers = [("X-Request-Id", RequestId)] };

    private static string CreateBody(int status, string code, string message, (string Input, string Rule) error = default)
    {
        var errors = error.Input is null ? "" : $$""","errors":{"{{error.Input}}":["{{error.Rule}}"]}""";
        return $$"""{"status_code":{{status}},"message":"{{message}}","code":"{{code}}"{{errors}},"request_id":"{{RequestId}}"}""";
    }

    private sealed class FailingDataSource(Exception exception) : DbDataSource
    {
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => throw exception;
    }
}
