using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>No response contains data of another organisation or reveals which organisations exist.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TenantIsolationTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const long BetaId = 2;
    private const string Beta = "beta.example";
    private const string BetaMember = "8";
    private const string InactiveHandle = "closed.example";
    private const string BetaOnlySpace = "BETAONLY";

    private static readonly (string, string) RequestIdHeader = ("X-Request-Id", "one-and-the-same");

    [TestCase(Acme.Handle, Acme.MemberUserId, "Interested", 1)]
    [TestCase(Beta, BetaMember, "Call Back", 2)]
    public async Task Same_space_token_in_two_organisations_is_two_spaces(string handle, string member, string label, int calls)
    {
        var reply = await Service.SendAsync(
            new AnalyticsRequest { Handle = handle, Authorization = Tokens.CreateAuthorization(member), SpaceToken = Acme.SalesToken });

        var callAnalytics = reply.Json["data"]!["call_analytics"]!;
        Assert.That(((int)callAnalytics["total_calls"]!, (int)callAnalytics[label == "Interested" ? "interested" : "call_back"]!),
            Is.EqualTo((calls, calls)));
    }

    [TestCase(Acme.Handle, Acme.MemberUserId, 1)]
    [TestCase(Beta, BetaMember, 3)]
    public async Task Totals_contain_only_own_spaces(string handle, string member, int calls)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Handle = handle, Authorization = Tokens.CreateAuthorization(member) });

        Assert.That((int)reply.Json["data"]!["call_analytics"]!["total_calls"]!, Is.EqualTo(calls));
    }

    [Test]
    public async Task Foreign_space_is_indistinguishable_from_an_unknown_one()
    {
        var foreign = await Service.SendAsync(new AnalyticsRequest { SpaceToken = BetaOnlySpace, Headers = [RequestIdHeader] });
        var unknown = await Service.SendAsync(new AnalyticsRequest { SpaceToken = "NOWHERE", Headers = [RequestIdHeader] });

        Assert.That(foreign.Message, Is.EqualTo("Space not found."));
        AssertIndistinguishable(foreign, unknown);
    }

    [TestCase("ARCHIVED"), TestCase("DOCUMENTS")]
    public async Task Excluded_space_is_indistinguishable_from_an_unknown_one(string space)
    {
        var excluded = await Service.SendAsync(new AnalyticsRequest { SpaceToken = space, Headers = [RequestIdHeader] });
        var unknown = await Service.SendAsync(new AnalyticsRequest { SpaceToken = "NOWHERE", Headers = [RequestIdHeader] });

        AssertIndistinguishable(excluded, unknown);
    }

    [TestCase(Beta, null, Description = "non-member"), TestCase(InactiveHandle, null, Description = "inactive organisation")]
    [TestCase(Beta, BetaOnlySpace), TestCase(Beta, "NOWHERE"), TestCase(InactiveHandle, Acme.SalesToken)]
    public async Task Inaccessible_organisation_is_indistinguishable_from_an_unknown_one(string handle, string? space)
    {
        var inaccessible =
            await Service.SendAsync(new AnalyticsRequest { Handle = handle, SpaceToken = space, Headers = [RequestIdHeader] });
        var unknown =
            await Service.SendAsync(new AnalyticsRequest { Handle = "nobody.example", SpaceToken = space, Headers = [RequestIdHeader] });

        Assert.That(inaccessible.Message, Is.EqualTo("Organization not found."));
        AssertIndistinguishable(inaccessible, unknown);
    }

    [TestCase("Active"), TestCase(" ACTIVE ")]
    public async Task Organisation_status_ignores_case_and_whitespace(string status)
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddOrganisationAsync(Acme.Id, Acme.Handle, status);

        Assert.That((await service.SendAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Removed_member_gets_404_immediately()
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
        await service.AddSpaceAsync(BetaId, 22, BetaOnlySpace);
        NativeTask[] tasks =
            [new("first") { Outcome = "Call Back" }, new("second") { Outcome = "Call Back" }, new("third") { SpaceToken = BetaOnlySpace }];
        await service.ImportTasksAsync(BetaId, tasks.Select(task => task.ToLine()), (21, Acme.SalesToken), (22, BetaOnlySpace));

        await service.AddOrganisationAsync(3, InactiveHandle, status: "inactive");
        await service.AddMemberAsync(3, Acme.MemberUserId);
        await service.AddSpaceAsync(3, 31, Acme.SalesToken);
        return service;
    }

    private static void AssertIndistinguishable(Reply reply, Reply expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Body), Is.EqualTo((expected.Status, expected.Body)));
            Assert.That(reply.StableHeaders, Is.EqualTo(expected.StableHeaders));
        }
    }
}
