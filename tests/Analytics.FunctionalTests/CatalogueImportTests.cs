using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;

namespace Analytics.FunctionalTests;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class CatalogueImportTests(DatabaseEngine engine) : DatabaseFixture(engine)
{
    private static readonly MemberImportOptions Add = new();
    private static readonly MemberImportOptions Replace = new() { Replace = true };
    private static readonly MemberImportOptions ReplaceAnyway = new() { Replace = true, AllowLargeRemovals = true };

    [Test]
    public async Task Organisations_are_upserted_and_handles_are_unique()
    {
        var import = Database.GetService<OrganisationImporter>();
        await import.RunAsync([new(2, "1", "Acme", " ACME.example ", "Active"), new(3, "2", "Other", "other.example", null)], Fail,
            IgnoreCounts, CancellationToken.None);
        var rejected = new List<RejectedLine>();

        var counts = await import.RunAsync(
        [
            new(2, "1", "Acme", "acme.example", "Active"),
            new(3, "2", "Renamed", "renamed.example", " inactive"),
            new(4, "3", "Thief", "ACME.example", "active"),
            new(5, "4", "No handle", "", "active"),
            new(6, "Jane Roe +15550001", "No id", "five.example", "ACTIVE"),
            new(7, "-6", "Negative id", "six.example", "active"),
        ], rejected.Add, IgnoreCounts, CancellationToken.None);

        Assert.That((counts.Written, counts.Rejected), Is.EqualTo((new WriteCounts(0, 1, 1), 4)));
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
    public async Task Spaces_cannot_change_organisation_and_tokens_are_unique_within_it()
    {
        await Database.AddOrganisationAsync(1, 10, 11);
        await Database.AddOrganisationAsync(2);
        var rejected = new List<RejectedLine>();

        var counts = await Database.GetService<SpaceImporter>().RunAsync(
        [
            new(2, "10", "1", "", "S10", "contact", "active"),
            new(3, "11", "1", "", "S11", "contact", "archived"),
            new(4, "12", "1", "", "S12", "contact", "active"),
            new(5, "10", "2", "", "S10", "contact", "active"),
            new(6, "13", "9", "", "S13", "contact", "active"),
            new(7, "14", "1", "", "S 14", "contact", "active"),
            new(8, "15", "1", "", "S10", "contact", "active"),
            new(9, "16", "2", "", "S10", "contact", "active"),
        ], rejected.Add, IgnoreCounts, CancellationToken.None);

        Assert.That((counts.Written, counts.Rejected), Is.EqualTo((new WriteCounts(2, 1, 1), 4)));
        Assert.That(counts.Statuses, Is.EquivalentTo(new Dictionary<string, int> { ["active"] = 3, ["archived"] = 1 }),
            "of the accepted rows");
        Assert.That(rejected.OrderBy(line => line.Number).Select(line => (line.Number, line.Id, line.Reason)), Is.EqualTo(new[]
        {
            (5, "10", "id is a space of organisation 1: a space stays with its organisation."),
            (6, "13", "space_organization_id names no known organisation: import the organisation first."),
            (7, "14", "token must be 1-30 ASCII letters or digits."),
            (8, "15", "token already belongs to another space of the organisation."),
        }));
    }

    [Test]
    public async Task Slug_is_stored_and_stays_if_a_file_has_none()
    {
        await Database.AddOrganisationAsync(1);

        Assert.That(await ImportSlugAsync("first"), Is.EqualTo((new WriteCounts(1, 0, 0), "first")));
        Assert.That(await ImportSlugAsync(null), Is.EqualTo((new WriteCounts(0, 0, 1), "first")));
        Assert.That(await ImportSlugAsync("first"), Is.EqualTo((new WriteCounts(0, 0, 1), "first")));
        Assert.That(await ImportSlugAsync("Second \u00E4"), Is.EqualTo((new WriteCounts(0, 1, 0), "Second \u00E4")));
        Assert.That(await ImportSlugAsync(""), Is.EqualTo((new WriteCounts(0, 1, 0), "")));
    }

    [TestCase("a\tb", "slug has a control character in it."), TestCase(null, "slug is longer than 255 characters.")]
    public async Task Invalid_slug_is_rejected(string? slug, string reason)
    {
        await Database.AddOrganisationAsync(1);
        var rejected = new List<RejectedLine>();

        await Database.GetService<SpaceImporter>().RunAsync(
            [new(2, "10", "1", "", "S10", "contact", "active", Slug: slug ?? new string('a', 256))], rejected.Add, IgnoreCounts,
            CancellationToken.None);

        Assert.That(rejected.Select(line => (line.Id, line.Reason)), Is.EqualTo(new[] { ("10", reason) }));
    }

    [Test]
    public async Task Concurrent_space_imports_assign_each_space_to_one_organisation()
    {
        await Database.AddOrganisationAsync(1);
        await Database.AddOrganisationAsync(2);
        SpaceRow[] CreateRows(long organisation) =>
            [.. Enumerable.Range(100, 200).Select(id => new SpaceRow(id, $"{id}", $"{organisation}", "", $"T{id}", "contact", "active"))];

        var counts = await Task.WhenAll(new[] { 1, 2 }.Select(organisation => Task.Run(() =>
            Database.GetService<SpaceImporter>().RunAsync(CreateRows(organisation), _ => { }, IgnoreCounts, CancellationToken.None))));

        Assert.That((counts.Sum(count => count.Written.Inserted), counts.Sum(count => count.Rejected)), Is.EqualTo((200, 200)));
        Assert.That((await Database.GetService<SpaceReader>().ReadAllAsync(CancellationToken.None)).Select(space => space.Id), Is.Unique);
    }

    [Test]
    public async Task Changed_spaces_increment_the_version_and_a_repeated_import_does_not()
    {
        await Database.AddOrganisationAsync(1, 10);
        var first = await ReadVersionAsync();
        await Database.AddOrganisationAsync(1, 10);
        Assert.That(await ReadVersionAsync(), Is.EqualTo(first));
        await Database.GetService<SpaceImporter>()
            .RunAsync([new(2, "10", "1", "", "S10", "document", "active")], Fail, IgnoreCounts, CancellationToken.None);
        Assert.That(await ReadVersionAsync(), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Replacing_members_file_replaces_the_members_of_its_organisations_only()
    {
        await Database.AddOrganisationAsync(1);
        await Database.AddOrganisationAsync(2);
        await ImportMembersAsync(Add, ("1", "7", "owner"), ("1", "8", "viewer"), ("1", "9", "viewer"), ("2", "7", "viewer"));

        var (changes, _) = await ImportMembersAsync(ReplaceAnyway, ("1", "7", "owner"), ("1", " 8 ", "editor"), ("1", "10", "viewer"));

        Assert.That(changes.Single() is { OrganisationId: 1, Unchanged: 1, RetainedDueToRejects: 0, RejectionReason: null });
        Assert.That((changes.Single().Added, changes.Single().Changed, changes.Single().Removed),
            Is.EqualTo((new[] { "10" }, new[] { "8" }, new[] { "9" })));
        Assert.That(await ReadMembersAsync(2), Is.EqualTo(new[] { ("7", "viewer") }));
    }

    [Test]
    public async Task Members_file_adds_and_changes_members_and_removes_none_by_default()
    {
        await Database.AddOrganisationAsync(1);
        await ImportMembersAsync(Add, ("1", "7", "owner"), ("1", "8", "viewer"));

        var (changes, _) = await ImportMembersAsync(Add, ("1", "8", "editor"), ("1", "9", "viewer"));

        Assert.That((changes.Single().Added, changes.Single().Changed, changes.Single().Removed),
            Is.EqualTo((new[] { "9" }, new[] { "8" }, Array.Empty<string>())));
        Assert.That(await ReadMembersAsync(1), Is.EqualTo(new[] { ("7", "owner"), ("8", "editor"), ("9", "viewer") }));
    }

    [Test]
    public async Task Replacement_that_removes_more_than_a_fifth_changes_nothing_of_that_organisation()
    {
        await AddOrganisationWithMembersAsync(1);
        await AddOrganisationWithMembersAsync(2);

        // Organisation 1 loses two of ten members, organisation 2 three of ten.
        var (changes, _) = await ImportMembersAsync(
            Replace,
            [("1", "new", "viewer"), ("2", "new", "viewer"), .. CreateMembers(1, 0, 8), .. CreateMembers(2, 0, 7)]);

        Assert.That(changes.Select(change => (change.Removed.Count, change.RejectionReason)),
            Is.EqualTo([(2, null), (0, "would remove 3 of its 10 members")]));
        Assert.That(await ReadMembersAsync(2), Is.EquivalentTo(CreateMembers(2, 0, 10).Select(member => (member.User, member.Role))));
        var (forced, _) = await ImportMembersAsync(ReplaceAnyway, CreateMembers(2, 0, 7));
        Assert.That(forced.Single() is { Removed.Count: 3, RejectionReason: null });
    }

    [TestCase("viewer"), TestCase("Owner ")]
    public async Task Replacement_that_removes_every_owner_changes_nothing(string otherRole)
    {
        await AddOrganisationWithMembersAsync(1);

        var (changes, _) = await ImportMembersAsync(Replace, [("1", "new", otherRole), .. CreateMembers(1, 1, 9)]);

        var keepsAnOwner = otherRole != "viewer";
        Assert.That((changes.Single().Removed.Count, changes.Single().RejectionReason),
            Is.EqualTo(keepsAnOwner ? (1, null) : (0, "would leave it without an owner")));
        Assert.That((await ReadMembersAsync(1)).Contains(("member 0", "owner")), Is.EqualTo(!keepsAnOwner));
    }

    [TestCase("7.0"), TestCase("7,00"), TestCase("7."), TestCase("1.23E+15"), TestCase("1e5"), TestCase("1,23e-4"), TestCase("nan")]
    [TestCase("NaN"), TestCase(" None ")]
    [TestCase("NULL"), TestCase("\\N"), TestCase("#N/A"), TestCase("n/a"), TestCase("#REF!"), TestCase("#NAME?"), TestCase("####")]
    public async Task Altered_user_id_is_rejected_unless_ids_are_literal(string userId)
    {
        await Database.AddOrganisationAsync(1);

        var (changes, rejected) = await ImportMembersAsync(Add, ("1", userId, "viewer"));
        Assert.That(changes, Is.Empty);
        Assert.That(rejected.Single().Reason, Does.StartWith("user_id looks changed by a spreadsheet or a script"));

        (changes, rejected) = await ImportMembersAsync(new MemberImportOptions { LiteralIds = true }, ("1", userId, "viewer"));
        Assert.That((changes.Single().Added.Single(), rejected.Count), Is.EqualTo((userId.Trim(), 0)));
    }

    [TestCase("7"), TestCase("007"), TestCase("7.5"), TestCase("auth0|7.0"), TestCase("5f2b1e9c"), TestCase("e5"), TestCase("nancy")]
    [TestCase("#7"), TestCase("a@b.example")]
    public async Task Ordinary_user_id_is_accepted(string userId)
    {
        await Database.AddOrganisationAsync(1);
        await ImportMembersAsync(Add, ("1", userId, "viewer"));
        Assert.That(await ReadMembersAsync(1), Is.EqualTo(new[] { (userId, "viewer") }));
    }

    [Test]
    public async Task Rejected_row_prevents_removals_in_its_organisation_only()
    {
        await Database.AddOrganisationAsync(1);
        await ImportMembersAsync(Add, ("1", "7", "owner"), ("1", "8", "viewer"));
        await Database.AddOrganisationAsync(2);
        await ImportMembersAsync(Add, ("2", "7", "owner"), ("2", "8", "viewer"));
        var (changes, rejected) =
            await ImportMembersAsync(ReplaceAnyway, ("1", "7", "owner"), ("1", "", "viewer"), ("99", "7", "owner"), ("2", "7", "owner"));

        Assert.That(changes[0] is { OrganisationId: 1, Removed.Count: 0, RetainedDueToRejects: 1 });
        Assert.That(changes[1] is { OrganisationId: 2, Removed.Count: 1, RetainedDueToRejects: 0 }, "the import still removes the others");
        Assert.That(rejected.Select(line => line.Reason), Is.EqualTo(new[]
        {
            "user_id must be 1-128 characters without control characters.",
            "organization_id names no known organisation: import the organisation first.",
        }));
    }

    [Test]
    public async Task Row_with_invalid_organisation_id_prevents_all_removals()
    {
        await Database.AddOrganisationAsync(1);
        await ImportMembersAsync(Add, ("1", "7", "owner"), ("1", "8", "viewer"));
        var (changes, _) = await ImportMembersAsync(ReplaceAnyway, ("1", "7", "owner"), ("x1", "8", "viewer"));
        Assert.That(changes.Single() is { Removed.Count: 0, RetainedDueToRejects: 1 });
    }

    [Test]
    public async Task Token_released_by_a_space_is_reusable_in_the_same_import()
    {
        await Database.AddOrganisationAsync(1, 10);
        var counts = await Database.GetService<SpaceImporter>().RunAsync([new(2, "10", "1", "", "New", "contact", "active"),
            new(3, "11", "1", "", "S10", "contact", "active")], Fail, IgnoreCounts, CancellationToken.None);
        Assert.That(counts.Written, Is.EqualTo(new WriteCounts(1, 1, 0)));
    }

    private static void Fail(RejectedLine line) => Assert.Fail(line.Reason);

    private static void IgnoreCounts(long organisationId, WriteCounts counts)
    {
    }

    private async Task<(WriteCounts Written, string Slug)> ImportSlugAsync(string? slug)
    {
        var counts = await Database.GetService<SpaceImporter>().RunAsync(
            [new(2, "10", "1", "", "S10", "contact", "active", Slug: slug)], Fail, IgnoreCounts, CancellationToken.None);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return (counts.Written, await connection.QuerySingleAsync<string>("SELECT slug FROM spaces"));
    }

    private async Task<(List<MemberChanges> Changes, List<RejectedLine> Rejected)> ImportMembersAsync(
        MemberImportOptions options, params (string Organisation, string User, string Role)[] rows)
    {
        var (changes, rejected) = (new List<MemberChanges>(), new List<RejectedLine>());
        var members = rows.Select((row, i) => new MemberRow(i + 2, row.Organisation, row.User, row.Role));
        await Database.GetService<MemberImporter>().RunAsync(members, options, rejected.Add, changes.Add, CancellationToken.None);
        return (changes, rejected);
    }

    // The first member is the owner.
    private static (string Organisation, string User, string Role)[] CreateMembers(long organisation, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(i => ($"{organisation}", $"member {i}", i == 0 ? "owner" : "viewer"))];

    private async Task AddOrganisationWithMembersAsync(long id)
    {
        await Database.AddOrganisationAsync(id);
        await ImportMembersAsync(Add, CreateMembers(id, 0, 10));
    }

    private async Task<IEnumerable<(string, string)>> ReadMembersAsync(long organisation)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await connection.QueryAsync<(string, string)>(
            "SELECT user_id, role FROM members WHERE organisation_id = @organisation ORDER BY user_id", new { organisation });
    }

    private async Task<(long, string, long)> ReadVersionAsync()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, string, long)>(
            "SELECT revision, stamp, changed_at FROM organisation_versions WHERE organisation_id = 1");
    }
}
