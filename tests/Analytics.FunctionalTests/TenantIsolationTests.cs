using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>No organisation shows in an answer about another, and nobody learns which ones there are.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TenantIsolationTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const long BetaId = 2;
    private const string Beta = "beta.example";
    private const string BetaMember = "8";
    private const string Closed = "closed.example";
    private const string BetaOnly = "BETAONLY";

    private static readonly (string, string) RequestId = ("X-Request-Id", "one-and-the-same");

    [TestCase(Acme.Handle, Acme.MemberUserId, "Interested", 1)]
    [TestCase(Beta, BetaMember, "Call Back", 2)]
    public async Task OneTokenInTwoOrganisationsIsTwoSpaces(string handle, string member, string label, int calls)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Handle = handle, Authorization = Tokens.CreateAuthorization(member), SpaceToken = Acme.SalesToken });

        var numbers = reply.Json["data"]!["call_analytics"]!;
        Assert.That(((int)numbers["total_calls"]!, (int)numbers[label == "Interested" ? "interested" : "call_back"]!), Is.EqualTo((calls, calls)));
    }

    [TestCase(Acme.Handle, Acme.MemberUserId, 1)]
    [TestCase(Beta, BetaMember, 3)]
    public async Task AllSpacesAreThoseOfTheOrganisation(string handle, string member, int calls)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Handle = handle, Authorization = Tokens.CreateAuthorization(member) });

        Assert.That((int)reply.Json["data"]!["call_analytics"]!["total_calls"]!, Is.EqualTo(calls));
    }

    [Test]
    public async Task ASpaceOfAnotherOrganisationIsAnUnknownOne()
    {
        var others = await Service.SendAsync(new AnalyticsRequest { SpaceToken = BetaOnly, Headers = [RequestId] });
        var unknown = await Service.SendAsync(new AnalyticsRequest { SpaceToken = "NOWHERE", Headers = [RequestId] });

        Assert.That(others.Message, Is.EqualTo("Space not found."));
        AssertSame(others, unknown);
    }

    [TestCase("ARCHIVED"), TestCase("DOCUMENTS")]
    public async Task ASpaceThatDoesNotCountIsAnUnknownOne(string space)
    {
        var uncounted = await Service.SendAsync(new AnalyticsRequest { SpaceToken = space, Headers = [RequestId] });
        var unknown = await Service.SendAsync(new AnalyticsRequest { SpaceToken = "NOWHERE", Headers = [RequestId] });

        AssertSame(uncounted, unknown);
    }

    [TestCase(Beta, null, Description = "a stranger"), TestCase(Closed, null, Description = "not active")]
    [TestCase(Beta, BetaOnly), TestCase(Beta, "NOWHERE"), TestCase(Closed, Acme.SalesToken)]
    public async Task AnOrganisationThatOneMayNotReadIsAnUnknownOne(string handle, string? space)
    {
        var forbidden = await Service.SendAsync(new AnalyticsRequest { Handle = handle, SpaceToken = space, Headers = [RequestId] });
        var unknown = await Service.SendAsync(new AnalyticsRequest { Handle = "nobody.example", SpaceToken = space, Headers = [RequestId] });

        Assert.That(forbidden.Message, Is.EqualTo("Organization not found."));
        AssertSame(forbidden, unknown);
    }

    [TestCase("Active"), TestCase(" ACTIVE ")]
    public async Task AnOrganisationIsActiveInAnyCase(string status)
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddOrganisationAsync(Acme.Id, Acme.Handle, status);

        Assert.That((await service.SendAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task AMemberThatLeftIsAStrangerAtOnce()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var before = await service.SendAsync();
        await service.ReplaceMembersAsync(Acme.Id, BetaMember);

        var after = await service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", before["ETag"]!)] });

        Assert.That((before.Status, after.Status), Is.EqualTo((200, 404)));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddSpaceAsync(Acme.Id, 12, "ARCHIVED", status: "archived");
        await service.AddSpaceAsync(Acme.Id, 13, "DOCUMENTS", contentType: "document");

        await service.AddOrganisationAsync(BetaId, Beta);
        await service.AddMemberAsync(BetaId, BetaMember);
        await service.AddSpaceAsync(BetaId, 21, Acme.SalesToken);
        await service.AddSpaceAsync(BetaId, 22, BetaOnly);
        NativeTask[] tasks = [new("first") { Outcome = "Call Back" }, new("second") { Outcome = "Call Back" }, new("third") { SpaceToken = BetaOnly }];
        await service.ImportTasksAsync(BetaId, tasks.Select(task => task.ToLine()), (21, Acme.SalesToken), (22, BetaOnly));

        await service.AddOrganisationAsync(3, Closed, status: "inactive");
        await service.AddMemberAsync(3, Acme.MemberUserId);
        await service.AddSpaceAsync(3, 31, Acme.SalesToken);
        return service;
    }

    private static void AssertSame(Reply reply, Reply expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Body), Is.EqualTo((expected.Status, expected.Body)));
            Assert.That(reply.StableHeaders, Is.EqualTo(expected.StableHeaders));
        }
    }
}
