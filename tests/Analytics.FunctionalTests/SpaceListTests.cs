using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>The list of an organisation's spaces: its rows, its order, its pages and its ETag.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class SpaceListTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const long WalkId = 2;
    private const string Walk = "walk.example";

    // The tokens of Walk's spaces by name, then by token.
    private static readonly string[] Ordered = ["13", "20", "31", "101", "102", "21", "22", "14", "12"];

    private static readonly AnalyticsRequest WalkRequest = new() { Path = CatalogueRequests.SpacesPath, Handle = Walk };

    [Test]
    public async Task Page_contains_all_fields_of_a_space_without_tasks()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddNamedSpacesAsync(Acme.Id, (15, "Empty & \"new\""));

        var reply = await service.ListSpacesAsync();

        Assert.That((reply.Status, reply["Content-Type"]), Is.EqualTo((200, "application/json; charset=utf-8")));
        Assert.That(reply.Body, Is.EqualTo(
            """{"status_code":200,"message":"Spaces fetched successfully","data":{"spaces":[{"token":"15","name":"Empty & \"new\"","slug":"slug-15"},{"token":"SALES","name":"SALES","slug":""}],"has_more":false,"cursor":null}}"""));
        Assert.That((reply["Link"], reply["Cache-Control"]), Is.EqualTo(((string?)null, "private, no-cache")));
    }

    [Test]
    public async Task Only_counted_spaces_of_the_organisation_are_listed()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddSpaceAsync(Acme.Id, 12, "ARCHIVED", status: "archived");
        await service.AddSpaceAsync(Acme.Id, 13, "DOCUMENTS", contentType: "document");
        await service.AddSpaceAsync(Acme.Id, 14, "SPELT", contentType: " Contact", status: "ACTIVE ");
        await service.AddOrganisationAsync(2, "beta.example");
        await service.AddSpaceAsync(2, 21, "BETAONLY");

        Assert.That((await service.ListSpacesAsync()).GetSpaceTokens(), Is.EqualTo(new[] { "SALES", "SPELT" }));
    }

    [Test]
    public async Task Organisation_without_spaces_has_an_empty_page()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");

        var reply = await service.ListSpacesAsync();

        Assert.That((reply.Status, reply.GetSpaceTokens().Count, (bool)reply.Json["data"]!["has_more"]!, reply.GetCursor()),
            Is.EqualTo((200, 0, false, (string?)null)));
    }

    [TestCase(1), TestCase(2), TestCase(3), TestCase(8), TestCase(9), TestCase(1000)]
    public async Task Pages_contain_each_space_once_by_name_then_token(int limit)
    {
        var pages = await Service.ListAllPagesAsync(WalkRequest with { Query = $"limit={limit}" });

        Assert.That(pages.SelectMany(page => page.GetSpaceTokens()), Is.EqualTo(Ordered));
        Assert.That(pages.SkipLast(1).Select(page => page.GetSpaceTokens().Count), Is.All.EqualTo(limit));
        Assert.That(pages.Select(page => (bool)page.Json["data"]!["has_more"]!),
            Is.EqualTo(pages.Select((_, i) => i < pages.Count - 1)));
        Assert.That(pages.Select(page => page["ETag"]), Is.Unique);
    }

    [Test]
    public async Task Page_size_is_100_unless_a_limit_is_given()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddNamedSpacesAsync(Acme.Id, Enumerable.Range(100, 120).Select(id => ((long)id, $"Space {id}")));

        Assert.That((await service.ListSpacesAsync()).GetSpaceTokens(), Has.Count.EqualTo(100));
        Assert.That((await service.ListSpacesAsync("limit=&cursor=")).GetSpaceTokens(), Has.Count.EqualTo(100));
        Assert.That((await service.ListSpacesAsync("limit=1000")).GetSpaceTokens(), Has.Count.EqualTo(121));
    }

    [Test]
    public async Task Cursor_of_a_space_that_is_archived_meanwhile_continues_after_it()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddNamedSpacesAsync(Acme.Id, (21, "A"), (22, "B"), (23, "C"));
        var cursor = (await service.ListSpacesAsync("limit=2")).GetCursor();

        await service.AddSpaceAsync(Acme.Id, 22, "22", status: "archived");

        Assert.That((await service.ListSpacesAsync($"cursor={cursor}")).GetSpaceTokens(), Is.EqualTo(new[] { "23", "SALES" }));
    }

    [TestCase("limit=0", "limit"), TestCase("limit=1001", "limit"), TestCase("limit=-1", "limit"), TestCase("limit=1.5", "limit")]
    [TestCase("limit=a", "limit"), TestCase("limit=2&limit=2", "limit"), TestCase("cursor=2", "cursor"), TestCase("cursor=%00", "cursor")]
    [TestCase("date_range=7d", "date_range"), TestCase("Limit=1", "Limit"), TestCase("space_token=SALES", "space_token")]
    public async Task Invalid_parameter_returns_400(string query, string name)
    {
        var reply = await Service.SendAsync(WalkRequest with { Query = query });

        Assert.That((reply.Status, reply.Json["errors"]!.AsObject().Single().Key), Is.EqualTo((400, name)));
    }

    [Test]
    public async Task Changed_cursor_and_cursor_of_another_list_return_400()
    {
        await Service.AddSalesTasksAsync(new NativeTask("a"), new NativeTask("b"));
        var cursor = (await Service.SendAsync(WalkRequest with { Query = "limit=1" })).GetCursor()!;
        var ofTasks = (await Service.ListTasksAsync("limit=1")).GetCursor();
        var ofOrganisations = (await Service.ListOrganisationsAsync("limit=1")).GetCursor();

        foreach (var other in new[] { $"{cursor}A", cursor[1..], $"A{cursor[1..]}", ofTasks, ofOrganisations })
        {
            var reply = await Service.SendAsync(WalkRequest with { Query = $"cursor={other}" });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((400, "cursor must be one that a page gave.")), other);
        }
    }

    [Test]
    public async Task Matching_IfNoneMatch_returns_304()
    {
        foreach (var query in new[] { "", "limit=2" })
        {
            var fresh = await Service.SendAsync(WalkRequest with { Query = query });
            var revalidation = await Service.SendAsync(WalkRequest with { Query = query, Headers = [("If-None-Match", fresh["ETag"]!)] });

            Assert.That((revalidation.Status, revalidation.Body, revalidation["ETag"]), Is.EqualTo((304, "", fresh["ETag"])));
        }
    }

    [Test]
    public async Task Renamed_space_changes_the_ETag_and_is_in_the_next_response()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddNamedSpacesAsync(Acme.Id, (21, "Z"));
        var before = await service.ListSpacesAsync();

        await service.AddNamedSpacesAsync(Acme.Id, (21, "A"));
        var after = await service.ListSpacesAsync("", new AnalyticsRequest { Headers = [("If-None-Match", before["ETag"]!)] });

        Assert.That((before.GetSpaceTokens(), after.GetSpaceTokens()), Is.EqualTo((new[] { "SALES", "21" }, new[] { "21", "SALES" })));
        Assert.That(after["ETag"], Is.Not.EqualTo(before["ETag"]));
    }

    [TestCase("/api/v2/platform/organisation/spaces"), TestCase(CatalogueRequests.SpacesPath)]
    public async Task Head_response_equals_get_without_body(string path)
    {
        var get = await Service.SendAsync(WalkRequest with { Path = path, Query = "limit=1" });
        var head = await Service.SendAsync(WalkRequest with { Path = path, Query = "limit=1", Method = "HEAD" });

        Assert.That((get.Status, head.Status, head.Body), Is.EqualTo((200, 200, "")));
        Assert.That(head.StableHeaders, Is.EqualTo(get.StableHeaders));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddOrganisationAsync(WalkId, Walk);
        await service.AddMemberAsync(WalkId, Acme.MemberUserId);
        await service.AddNamedSpacesAsync(
            WalkId, (31, "B"), (12, "\U0001F600"), (13, ""), (14, "\u00E4"), (20, "A"), (21, "Twin"), (101, "Twin"), (102, "Twin"),
            (22, "a"));
        return service;
    }
}
