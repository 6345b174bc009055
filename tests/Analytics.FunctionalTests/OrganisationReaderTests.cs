using Analytics.Application.Organisations;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A batch of lookups returns one row or null for each key, in the order of the keys, whatever the other keys are.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class OrganisationReaderTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const long OtherId = 8;
    private const string OtherHandle = "other.example";
    private const string OtherUser = "O'Brien, \\ {\"1\"}";
    private const long ClosedId = 9;
    private const string ClosedHandle = "closed.example";

    private IOrganisationReader Reader => Service.Services.GetRequiredService<IOrganisationReader>();

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await base.StartServiceAsync();
        await service.AddOrganisationAsync(OtherId, OtherHandle);
        await service.AddMemberAsync(OtherId, OtherUser);
        await service.AddOrganisationAsync(ClosedId, ClosedHandle, "inactive");
        await service.AddMemberAsync(ClosedId, Acme.MemberUserId);
        return service;
    }

    [Test]
    public async Task Organisations_are_in_the_order_of_their_keys()
    {
        var organisations = await Reader.ReadForMembersAsync(
        [
            new(OtherId, OtherHandle, OtherUser),
            new(-1, Acme.Handle, Acme.MemberUserId), // An unknown id.
            new(OtherId, Acme.Handle, OtherUser), // An outdated id.
            new(Acme.Id, Acme.Handle, OtherUser), // Not a member.
            new(Acme.Id, Acme.Handle, $"{Acme.MemberUserId} "),
            new(ClosedId, ClosedHandle, Acme.MemberUserId),
            new(Acme.Id, Acme.Handle, Acme.MemberUserId),
        ]);

        Assert.That(organisations.Select(organisation => organisation?.Id),
            Is.EqualTo(new long?[] { OtherId, null, null, null, null, null, Acme.Id }));
    }

    [TestCase(OtherUser, ExpectedResult = OtherId)]
    [TestCase(Acme.MemberUserId, ExpectedResult = null)]
    public async Task<long?> Organisation_of_a_single_key_is_found_for_its_member(string user) =>
        (await Reader.ReadForMembersAsync([new(OtherId, OtherHandle, user)])).Single()?.Id;

    [Test]
    public async Task Ids_are_in_the_order_of_their_handles()
    {
        var several = await Reader.ReadIdsAsync([ClosedHandle, "nobody.example", Acme.Handle]);
        var one = await Reader.ReadIdsAsync([OtherHandle]);

        Assert.That(several.Concat(one), Is.EqualTo(new long?[] { ClosedId, null, Acme.Id, OtherId }));
    }
}
