using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>If several errors apply, the first in the table of errors is returned.</summary>
internal sealed class ErrorPrecedenceTests : AcmeFixture
{
    private const string UnknownPath = "/api/v2/platform/organisation/";
    private const string InvalidAuthorization = "jwt nonsense";
    private const string UnknownHandle = "unknown.example";

    private static IEnumerable<TestCaseData> ErrorPairs()
    {
        yield return ErrorPair("unknown route, other method", new() { Path = UnknownPath, Method = "DELETE" }, 404, "Not found.");
        yield return ErrorPair("unknown route, no token", new() { Path = UnknownPath, Authorization = null }, 404, "Not found.");
        yield return ErrorPair(
            "unknown route, bad token", new() { Path = UnknownPath, Authorization = InvalidAuthorization }, 404, "Not found.");
        yield return ErrorPair("unknown route, no handle", new() { Path = UnknownPath, Handle = null }, 404, "Not found.");

        yield return ErrorPair("other method, no token", new() { Method = "DELETE", Authorization = null }, 405, "Method not allowed.");
        yield return ErrorPair(
            "other method, bad token", new() { Method = "DELETE", Authorization = InvalidAuthorization }, 405, "Method not allowed.");
        yield return ErrorPair("other method, no handle", new() { Method = "DELETE", Handle = null }, 405, "Method not allowed.");
        yield return ErrorPair(
            "other method, unknown handle", new() { Method = "DELETE", Handle = UnknownHandle }, 405, "Method not allowed.");

        yield return ErrorPair("another scheme, given twice", CreateWithDuplicateHeader("Authorization", "Basic YTpi") with {
            Authorization = "Basic YTpi" }, 401, "Authentication credentials were not provided.");
        yield return ErrorPair(
            "no token, no handle", new() { Authorization = null, Handle = null }, 401, "Authentication credentials were not provided.");
        yield return ErrorPair("no token, broken space", new() { Authorization = null, SpaceToken = "-" }, 401,
            "Authentication credentials were not provided.");
        yield return ErrorPair("no token, unknown handle", new() { Authorization = null, Handle = UnknownHandle }, 401,
            "Authentication credentials were not provided.");
        yield return ErrorPair(
            "bad token, no handle", new() { Authorization = InvalidAuthorization, Handle = null }, 401, "Invalid or expired token.");
        yield return ErrorPair(
            "bad token, broken product", new() { Authorization = InvalidAuthorization, Product = "/" }, 401, "Invalid or expired token.");
        yield return ErrorPair("bad token, unknown handle", new() { Authorization = InvalidAuthorization, Handle = UnknownHandle }, 401,
            "Invalid or expired token.");
        yield return ErrorPair("bad token, unknown space", new() { Authorization = InvalidAuthorization, SpaceToken = "NOWHERE" }, 401,
            "Invalid or expired token.");

        yield return ErrorPair("no handle, broken space", new() { Handle = null, SpaceToken = "-" }, 400, "Org-Handle header is required.");
        yield return ErrorPair("no handle, space twice", new() { Handle = null, Query = "space_token=A&space_token=A" }, 400,
            "Org-Handle header is required.");
        yield return ErrorPair("no handle, broken product", new() { Handle = null, Product = "/" }, 400, "Org-Handle header is required.");
        yield return ErrorPair("no handle, product twice", CreateWithDuplicateHeader("Product-Id", "unpod.dev") with {
            Handle = null, Product = "unpod.dev" }, 400, "Org-Handle header is required.");
        yield return ErrorPair("blank handle twice, broken space",
            CreateWithDuplicateHeader("Org-Handle", " ") with { Handle = " ", SpaceToken = "-" }, 400, "Org-Handle header is required.");
        yield return ErrorPair(
            "no handle, unknown space", new() { Handle = null, SpaceToken = "NOWHERE" }, 400, "Org-Handle header is required.");

        yield return ErrorPair("broken space, unknown handle", new() { SpaceToken = "-", Handle = UnknownHandle }, 400,
            "space_token must be 1-30 ASCII letters or digits.");
        yield return ErrorPair("space twice, unknown handle", new() { Query = "space_token=A&space_token=A", Handle = UnknownHandle }, 400,
            "space_token must be given only once.");
        yield return ErrorPair("product twice, unknown handle", CreateWithDuplicateHeader("Product-Id", "unpod.dev") with {
            Product = "unpod.dev", Handle = UnknownHandle }, 400, "Product-Id must be given only once.");
        yield return ErrorPair("broken product, unknown space", new() { Product = "/", SpaceToken = "NOWHERE" }, 400,
            "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.");

        yield return ErrorPair(
            "unknown handle, unknown space", new() { Handle = UnknownHandle, SpaceToken = "NOWHERE" }, 404, "Organization not found.");
        yield return ErrorPair("not a member, unknown space",
            new() { Authorization = Tokens.CreateAuthorization("8"), SpaceToken = "NOWHERE" }, 404, "Organization not found.");
    }

    [TestCaseSource(nameof(ErrorPairs))]
    public async Task Error_of_highest_precedence_is_returned(AnalyticsRequest request, int status, string message)
    {
        var reply = await Service.SendAsync(request);

        Assert.That((reply.Status, reply.Message), Is.EqualTo((status, message)));
    }

    [Test]
    public async Task Missing_token_or_handle_is_reported_without_database([Values] bool hasToken)
    {
        await using var service = await Acme.StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.SendAsync(
            new AnalyticsRequest { Authorization = hasToken ? Tokens.CreateAuthorization(Acme.MemberUserId) : null, Handle = null });

        Assert.That(reply.Status, Is.EqualTo(hasToken ? 400 : 401));
    }

    private static AnalyticsRequest CreateWithDuplicateHeader(string header, string value) => new() { Headers = [(header, value)] };

    private static TestCaseData ErrorPair(string caseName, AnalyticsRequest request, int status, string message) =>
        new TestCaseData(request, status, message).SetArgDisplayNames(caseName);
}
