using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>Where several errors apply, the first of the table wins.</summary>
internal sealed class PrecedenceTests : AcmeFixture
{
    private const string Elsewhere = "/api/v2/platform/organisation/";
    private const string Bad = "jwt nonsense";
    private const string Stranger = "stranger.example";

    private static IEnumerable<TestCaseData> Pairs()
    {
        yield return Pair("unknown route, other method", new() { Path = Elsewhere, Method = "DELETE" }, 404, "Not found.");
        yield return Pair("unknown route, no token", new() { Path = Elsewhere, Authorization = null }, 404, "Not found.");
        yield return Pair("unknown route, bad token", new() { Path = Elsewhere, Authorization = Bad }, 404, "Not found.");
        yield return Pair("unknown route, no handle", new() { Path = Elsewhere, Handle = null }, 404, "Not found.");

        yield return Pair("other method, no token", new() { Method = "DELETE", Authorization = null }, 405, "Method not allowed.");
        yield return Pair("other method, bad token", new() { Method = "DELETE", Authorization = Bad }, 405, "Method not allowed.");
        yield return Pair("other method, no handle", new() { Method = "DELETE", Handle = null }, 405, "Method not allowed.");
        yield return Pair("other method, unknown handle", new() { Method = "DELETE", Handle = Stranger }, 405, "Method not allowed.");

        yield return Pair("another scheme, given twice", Twice("Authorization", "Basic YTpi") with { Authorization = "Basic YTpi" }, 401, "Authentication credentials were not provided.");
        yield return Pair("no token, no handle", new() { Authorization = null, Handle = null }, 401, "Authentication credentials were not provided.");
        yield return Pair("no token, broken space", new() { Authorization = null, SpaceToken = "-" }, 401, "Authentication credentials were not provided.");
        yield return Pair("no token, unknown handle", new() { Authorization = null, Handle = Stranger }, 401, "Authentication credentials were not provided.");
        yield return Pair("bad token, no handle", new() { Authorization = Bad, Handle = null }, 401, "Invalid or expired token.");
        yield return Pair("bad token, broken product", new() { Authorization = Bad, Product = "/" }, 401, "Invalid or expired token.");
        yield return Pair("bad token, unknown handle", new() { Authorization = Bad, Handle = Stranger }, 401, "Invalid or expired token.");
        yield return Pair("bad token, unknown space", new() { Authorization = Bad, SpaceToken = "NOWHERE" }, 401, "Invalid or expired token.");

        yield return Pair("no handle, broken space", new() { Handle = null, SpaceToken = "-" }, 400, "Org-Handle header is required.");
        yield return Pair("no handle, space twice", new() { Handle = null, Query = "space_token=A&space_token=A" }, 400, "Org-Handle header is required.");
        yield return Pair("no handle, broken product", new() { Handle = null, Product = "/" }, 400, "Org-Handle header is required.");
        yield return Pair("no handle, product twice", Twice("Product-Id", "unpod.dev") with { Handle = null, Product = "unpod.dev" }, 400, "Org-Handle header is required.");
        yield return Pair("blank handle twice, broken space", Twice("Org-Handle", " ") with { Handle = " ", SpaceToken = "-" }, 400, "Org-Handle header is required.");
        yield return Pair("no handle, unknown space", new() { Handle = null, SpaceToken = "NOWHERE" }, 400, "Org-Handle header is required.");

        yield return Pair("broken space, unknown handle", new() { SpaceToken = "-", Handle = Stranger }, 400, "space_token must be 1-30 ASCII letters or digits.");
        yield return Pair("space twice, unknown handle", new() { Query = "space_token=A&space_token=A", Handle = Stranger }, 400, "space_token must be given only once.");
        yield return Pair("product twice, unknown handle", Twice("Product-Id", "unpod.dev") with { Product = "unpod.dev", Handle = Stranger }, 400, "Product-Id must be given only once.");
        yield return Pair("broken product, unknown space", new() { Product = "/", SpaceToken = "NOWHERE" }, 400, "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.");

        yield return Pair("unknown handle, unknown space", new() { Handle = Stranger, SpaceToken = "NOWHERE" }, 404, "Organization not found.");
        yield return Pair("not a member, unknown space", new() { Authorization = Tokens.CreateAuthorization("8"), SpaceToken = "NOWHERE" }, 404, "Organization not found.");
    }

    [TestCaseSource(nameof(Pairs))]
    public async Task TheFirstOfTheTableWins(AnalyticsRequest question, int status, string message)
    {
        var reply = await Service.SendAsync(question);

        Assert.That((reply.Status, reply.Message), Is.EqualTo((status, message)));
    }

    [Test]
    public async Task WhatNeedsNoDatabaseIsAnsweredWithoutOne([Values] bool hasToken)
    {
        await using var service = await Acme.StartServiceAsync();
        File.Delete(service.DatabaseFile);

        var reply = await service.SendAsync(new AnalyticsRequest { Authorization = hasToken ? Tokens.CreateAuthorization(Acme.MemberUserId) : null, Handle = null });

        Assert.That(reply.Status, Is.EqualTo(hasToken ? 400 : 401));
    }

    private static AnalyticsRequest Twice(string header, string value) => new() { Headers = [(header, value)] };

    private static TestCaseData Pair(string both, AnalyticsRequest question, int status, string message) =>
        new TestCaseData(question, status, message).SetArgDisplayNames(both);
}
