using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;

namespace Analytics.FunctionalTests;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class CatalogueImportTests(DatabaseEngine engine) : DatabaseFixture(engine)
{
    [Test]
    public async Task OrganisationsAreUpsertedAndAHandleIsHeldByOne()
    {
        var import = Database.Get<ImportOrganisations>();
        await import.RunAsync([new(2, "1", "Acme", " ACME.example ", "Active"), new(3, "2", "Other", "other.example", null)], Fail, Ignore, CancellationToken.None);
        var rejected = new List<RejectedLine>();

        var counts = await import.RunAsync(
        [
            new(2, "1", "Acme", "acme.example", "Active"),
            new(3, "2", "Renamed", "renamed.example", " inactive"),
            new(4, "3", "Thief", "ACME.example", "active"),
            new(5, "4", "No handle", "", "active"),
            new(6, "Jane Roe +15550001", "No id", "five.example", "ACTIVE"),
            new(7, "-6", "Negative id", "six.example", "active"),
        ], rejected.Add, Ignore, CancellationToken.None);

        Assert.That((counts.Inserted, counts.Updated, counts.Unchanged, counts.Rejected), Is.EqualTo((0, 1, 1, 4)));
        Assert.That(counts.Statuses, Is.EquivalentTo(new Dictionary<string, int> { ["active"] = 1, ["inactive"] = 1 }));
        Assert.That(rejected.Select(line => (line.Number, line.Id, line.Reason)), Is.EqualTo(new[]
        {
            (4, "3", "domain_handle already belongs to organisation 1."),
            (5, "4", "domain_handle must be 1-99 ASCII letters, digits, '.', '-' or '_'."),
            (6, null, "id must be a whole number."),
            (7, (string?)null, "id must be a whole number."),
        }));
    }

    [Test]
    public async Task SpacesStayWithTheirOrganisationAndATokenIsHeldByOne()
    {
        await Database.HasOrganisationAsync(1, 10, 11);
        await Database.HasOrganisationAsync(2);
        var rejected = new List<RejectedLine>();

        var counts = await Database.Get<ImportSpaces>().RunAsync(
        [
            new(2, "10", "1", "", "S10", "contact", "active"),
            new(3, "11", "1", "", "S11", "contact", "archived"),
            new(4, "12", "1", "", "S12", "contact", "active"),
            new(5, "10", "2", "", "S10", "contact", "active"),
            new(6, "13", "9", "", "S13", "contact", "active"),
            new(7, "14", "1", "", "S 14", "contact", "active"),
            new(8, "15", "1", "", "S10", "contact", "active"),
            new(9, "16", "2", "", "S10", "contact", "active"),
        ], rejected.Add, Ignore, CancellationToken.None);

        Assert.That((counts.Inserted, counts.Updated, counts.Unchanged, counts.Rejected), Is.EqualTo((2, 1, 1, 4)));
        Assert.That(counts.Statuses, Is.EquivalentTo(new Dictionary<string, int> { ["active"] = 3, ["archived"] = 1 }), "of the rows that went in");
        Assert.That(rejected.OrderBy(line => line.Number).Select(line => (line.Number, line.Id, line.Reason)), Is.EqualTo(new[]
        {
            (5, "10", "id is a space of organisation 1: a space stays with its organisation."),
            (6, "13", "space_organization_id names no known organisation: import the organisation first."),
            (7, "14", "token must be 1-30 ASCII letters or digits."),
            (8, "15", "token already belongs to another space of the organisation."),
        }));
    }

    [Test]
    public async Task OfTwoImportsAtOnceOneOwnsTheSpaces()
    {
        await Database.HasOrganisationAsync(1);
        await Database.HasOrganisationAsync(2);
        SpaceRow[] RowsOf(long organisation) => [.. Enumerable.Range(100, 200).Select(id => new SpaceRow(id, $"{id}", $"{organisation}", "", $"T{id}", "contact", "active"))];

        var counts = await Task.WhenAll(new[] { 1, 2 }.Select(organisation => Task.Run(() => Database.Get<ImportSpaces>().RunAsync(RowsOf(organisation), _ => { }, Ignore, CancellationToken.None))));

        Assert.That((counts.Sum(count => count.Inserted), counts.Sum(count => count.Rejected)), Is.EqualTo((200, 200)));
        Assert.That((await Database.Get<SpaceReader>().ReadAllAsync(CancellationToken.None)).Select(space => space.Id), Is.Unique);
    }

    [Test]
    public async Task AChangeOfSpacesStampsAVersionAndARepeatDoesNot()
    {
        await Database.HasOrganisationAsync(1, 10);
        var first = await VersionAsync();
        await Database.HasOrganisationAsync(1, 10);
        Assert.That(await VersionAsync(), Is.EqualTo(first));
        await Database.Get<ImportSpaces>().RunAsync([new(2, "10", "1", "", "S10", "document", "active")], Fail, Ignore, CancellationToken.None);
        Assert.That(await VersionAsync(), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task AMembersFileIsTheTruthForTheOrganisationsInIt()
    {
        await Database.HasOrganisationAsync(1);
        await Database.HasOrganisationAsync(2);
        await MembersAsync(keep: false, ("1", "7", "owner"), ("1", "8", "viewer"), ("1", "9", "viewer"), ("2", "7", "viewer"));

        var (changes, _) = await MembersAsync(keep: false, ("1", "7", "owner"), ("1", " 8 ", "editor"), ("1", "10", "viewer"));

        Assert.That(changes.Single() is { OrganisationId: 1, Unchanged: 1, KeptForRejects: 0 });
        Assert.That((changes.Single().Added, changes.Single().Changed, changes.Single().Removed), Is.EqualTo((new[] { "10" }, new[] { "8" }, new[] { "9" })));
        Assert.That(await MembersOfAsync(2), Is.EqualTo(new[] { ("7", "viewer") }));
    }

    [Test]
    public async Task WithKeepItOnlyAdds()
    {
        await Database.HasOrganisationAsync(1);
        await MembersAsync(keep: false, ("1", "7", "owner"));
        var (changes, _) = await MembersAsync(keep: true, ("1", "8", "viewer"));
        Assert.That(changes.Single().Removed, Is.Empty);
        Assert.That(await MembersOfAsync(1), Is.EqualTo(new[] { ("7", "owner"), ("8", "viewer") }));
    }

    [Test]
    public async Task NobodyIsRemovedFromAnOrganisationWithARejectedRow()
    {
        await Database.HasOrganisationAsync(1);
        await MembersAsync(keep: false, ("1", "7", "owner"), ("1", "8", "viewer"));
        await Database.HasOrganisationAsync(2);
        await MembersAsync(keep: false, ("2", "7", "owner"), ("2", "8", "viewer"));
        var (changes, rejected) = await MembersAsync(keep: false, ("1", "7", "owner"), ("1", "", "viewer"), ("99", "7", "owner"), ("2", "7", "owner"));

        Assert.That(changes[0] is { OrganisationId: 1, Removed.Count: 0, KeptForRejects: 1 });
        Assert.That(changes[1] is { OrganisationId: 2, Removed.Count: 1, KeptForRejects: 0 }, "the file is still the truth for the others");
        Assert.That(rejected.Select(line => line.Reason), Is.EqualTo(new[]
        {
            "user_id must be 1-128 characters without control characters.",
            "organization_id names no known organisation: import the organisation first.",
        }));
    }

    [Test]
    public async Task NobodyIsRemovedAnywhereWhenARowDoesNotSayOfWhichOrganisationItIs()
    {
        await Database.HasOrganisationAsync(1);
        await MembersAsync(keep: false, ("1", "7", "owner"), ("1", "8", "viewer"));
        var (changes, _) = await MembersAsync(keep: false, ("1", "7", "owner"), ("x1", "8", "viewer"));
        Assert.That(changes.Single() is { Removed.Count: 0, KeptForRejects: 1 });
    }

    [Test]
    public async Task ATokenThatASpaceGaveUpIsFreeAtOnce()
    {
        await Database.HasOrganisationAsync(1, 10);
        var counts = await Database.Get<ImportSpaces>().RunAsync([new(2, "10", "1", "", "New", "contact", "active"), new(3, "11", "1", "", "S10", "contact", "active")], Fail, Ignore, CancellationToken.None);
        Assert.That((counts.Inserted, counts.Updated), Is.EqualTo((1, 1)));
    }

    private static void Fail(RejectedLine line) => Assert.Fail(line.Reason);

    private static void Ignore(long organisationId, WriteCounts counts)
    {
    }

    private async Task<(List<MemberChanges> Changes, List<RejectedLine> Rejected)> MembersAsync(bool keep, params (string Organisation, string User, string Role)[] rows)
    {
        var (changes, rejected) = (new List<MemberChanges>(), new List<RejectedLine>());
        await Database.Get<ImportMembers>().RunAsync(rows.Select((row, i) => new MemberRow(i + 2, row.Organisation, row.User, row.Role)), keep, rejected.Add, changes.Add, CancellationToken.None);
        return (changes, rejected);
    }

    private async Task<IEnumerable<(string, string)>> MembersOfAsync(long organisation)
    {
        await using var connection = await Database.Source.OpenConnectionAsync();
        return await connection.QueryAsync<(string, string)>("SELECT user_id, role FROM members WHERE organisation_id = @organisation ORDER BY user_id", new { organisation });
    }

    private async Task<(long, string, long)> VersionAsync()
    {
        await using var connection = await Database.Source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, string, long)>("SELECT revision, stamp, changed_at FROM organisation_versions WHERE organisation_id = 1");
    }
}
