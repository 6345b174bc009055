using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Every row of the table of errors, byte for byte.</summary>
internal sealed class ErrorTableTests : AcmeFixture
{
    private const string RequestId = "the-request.1_A";

    private static IEnumerable<TestCaseData> Rows()
    {
        yield return Row("unknown route", new() { Path = "/api/v2/platform/organisation/nothing/" }, 404, "Not found.");
        yield return Row("other method", new() { Method = "POST" }, 405, "Method not allowed.");
        yield return Row("no Authorization", new() { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return Row("another scheme", new() { Authorization = "Basic YTpi" }, 401, "Authentication credentials were not provided.");
        yield return Row("the scheme without a token", new() { Authorization = "jwt" }, 401, "Invalid or expired token.");
        yield return Row("a malformed token", new() { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return Row("Org-Handle missing", new() { Handle = null }, 400, "Org-Handle header is required.", "Org-Handle");
        yield return Row("Org-Handle broken", new() { Handle = "a b" }, 400, "Org-Handle must be 1-99 ASCII letters, digits, '.', '-' or '_'.", "Org-Handle");
        yield return Row("Product-Id broken", new() { Product = "a b" }, 400, "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.", "Product-Id");
        yield return Row("space_token broken", new() { Space = "a-b" }, 400, "space_token must be 1-30 ASCII letters or digits.", "space_token");
        yield return Row("handle unknown", new() { Handle = "nobody.example" }, 404, "Organization not found.");
        yield return Row("space unknown", new() { Space = "NOWHERE" }, 404, "Space not found.");
    }

    [TestCaseSource(nameof(Rows))]
    public async Task AnswersInTheOneBody(Question question, int status, string body)
    {
        var reply = await Service.AskAsync(question);

        AssertIsError(reply, status, body);
    }

    [Test]
    public async Task AnswersADefectOfOursWithoutItsText()
    {
        await using var service = await AnalyticsService.StartAsync(DatabaseEngine.Sqlite, parts => parts.AddSingleton<DbDataSource>(new FailingDatabase(new InvalidOperationException("a secret"))));

        var reply = await service.AskAsync(Named(new()));

        AssertIsError(reply, 500, BodyOf(500, "Internal server error."));
    }

    [Test]
    public async Task AnswersAMissingDatabaseWithWhenToTryAgain()
    {
        await using var service = await Acme.StartAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.AskAsync(Named(new()));

        AssertIsError(reply, 503, BodyOf(503, "Service temporarily unavailable."));
        Assert.That(reply["Retry-After"], Does.Match("^[1-9][0-9]*$"));
    }

    [TestCase("POST"), TestCase("PUT"), TestCase("PATCH"), TestCase("DELETE"), TestCase("OPTIONS")]
    public async Task SaysWhichMethodsThereAre(string method)
    {
        var reply = await Service.AskAsync(new Question { Method = method });

        Assert.That((reply.Status, reply["Allow"]), Is.EqualTo((405, "GET, HEAD")));
    }

    [TestCase(null), TestCase("jwt nonsense")]
    public async Task SaysWhichSchemesThereAre(string? authorization)
    {
        var reply = await Service.AskAsync(new Question { Authorization = authorization });

        Assert.That(reply.Lines("WWW-Authenticate"), Is.EqualTo(["jwt realm=\"api\"", "Bearer realm=\"api\""]));
    }

    [Test]
    public async Task NamesEveryInputThatBreaksARule()
    {
        var reply = await Service.AskAsync(Named(new() { Handle = "a/b", Product = "a/b", Space = "a/b" }));

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

    private static TestCaseData Row(string when, Question question, int status, string message, string? input = null) =>
        new TestCaseData(Named(question), status, BodyOf(status, message, input)).SetArgDisplayNames(when);

    private static Question Named(Question question) => question with { Headers = [("X-Request-Id", RequestId)] };

    private static string BodyOf(int status, string message, string? input = null)
    {
        var errors = input is null ? "" : $$""","errors":{"{{input}}":["{{message}}"]}""";
        return $$"""{"status_code":{{status}},"message":"{{message}}"{{errors}},"request_id":"{{RequestId}}"}""";
    }

    private sealed class FailingDatabase(Exception exception) : DbDataSource
    {
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => throw exception;
    }
}
