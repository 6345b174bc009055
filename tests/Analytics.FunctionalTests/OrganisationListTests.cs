using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>The list of a user's organisations: its rows, its order, its pages and its ETag.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class OrganisationListTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Walker = "walker";

    private static readonly string[] WalkHandles = ["a-b.example", "a.example", "a_b.example", "ab.example", "b.example", "b1.example"];

    private static readonly AnalyticsRequest WalkRequest =
        new() { Path = CatalogueRequests.OrganisationsPath, Handle = null, Authorization = Tokens.CreateAuthorization(Walker) };

    [Test]
    public async Task Page_contains_handle_name_and_role()
    {
        await using var service = await Acme.StartServiceAsync(Engine);

        var reply = await service.ListOrganisationsAsync();

        Assert.That((reply.Status, reply["Content-Type"]), Is.EqualTo((200, "application/json; charset=utf-8")));
        Assert.That(reply.Body, Is.EqualTo(
            """{"status_code":200,"message":"Organisations fetched successfully","data":{"organisations":[{"handle":"acme.example","name":"acme.example","role":"viewer"}],"has_more":false,"cursor":null}}"""));
        Assert.That((reply["Link"], reply["Cache-Control"], reply["Vary"]), Is.EqualTo((
            (string?)null, "private, no-cache", (await service.SendAsync())["Vary"])));
    }

    [Test]
    public async Task Only_active_organisations_of_the_user_are_listed()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddOrganisationAsync(2, "closed.example", status: "inactive");
        await service.AddMemberAsync(2, Acme.MemberUserId, "owner");
        await service.AddOrganisationAsync(3, "foreign.example");
        await service.AddMemberAsync(3, "8");
        await service.AddOrganisationAsync(4, "spelt.example", status: " ACTIVE ");
        await service.AddMemberAsync(4, Acme.MemberUserId);

        Assert.That((await service.ListOrganisationsAsync()).GetHandles(), Is.EqualTo(new[] { Acme.Handle, "spelt.example" }));
    }

    [TestCase("nobody"), TestCase("07"), TestCase("7 "), TestCase(" 7"), TestCase("7.0"), TestCase("%"), TestCase("Walker")]
    public async Task User_without_membership_has_an_empty_page(string user)
    {
        var reply = await Service.SendAsync(WalkRequest with { Authorization = Tokens.CreateAuthorization(user) });

        Assert.That((reply.Status, reply.GetHandles().Count, (bool)reply.Json["data"]!["has_more"]!, reply.GetCursor()),
            Is.EqualTo((200, 0, false, (string?)null)));
    }

    [TestCase(Acme.Handle), TestCase("nobody.example"), TestCase("not a handle")]
    public async Task Organisation_and_product_headers_are_ignored(string handle)
    {
        var without = await Service.SendAsync(WalkRequest);
        var with = await Service.SendAsync(WalkRequest with { Handle = handle, Product = "not a product" });

        Assert.That((with.Status, with.Body, with["ETag"]), Is.EqualTo((200, without.Body, without["ETag"])));
    }

    [TestCase(1), TestCase(2), TestCase(5), TestCase(6), TestCase(1000)]
    public async Task Pages_contain_each_organisation_once_by_handle(int limit)
    {
        var pages = await Service.ListAllPagesAsync(WalkRequest with { Query = $"limit={limit}" });

        Assert.That(pages.SelectMany(page => page.GetHandles()), Is.EqualTo(WalkHandles));
        Assert.That(pages.SkipLast(1).Select(page => page.GetHandles().Count), Is.All.EqualTo(limit));
        Assert.That(pages.Select(page => (bool)page.Json["data"]!["has_more"]!),
            Is.EqualTo(pages.Select((_, i) => i < pages.Count - 1)));
        Assert.That(pages.Select(page => page["ETag"]), Is.Unique);
    }

    [Test]
    public async Task Page_size_is_100_unless_a_limit_is_given()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        for (var id = 100; id < 220; id++)
        {
            await service.AddOrganisationAsync(id, $"org{id}.example");
            await service.AddMemberAsync(id, Walker);
        }

        Assert.That((await service.SendAsync(WalkRequest)).GetHandles(), Has.Count.EqualTo(100));
        Assert.That((await service.SendAsync(WalkRequest with { Query = "limit=1000" })).GetHandles(), Has.Count.EqualTo(120));
    }

    [TestCase("limit=0", "limit"), TestCase("limit=1001", "limit"), TestCase("limit=a", "limit"), TestCase("limit=2&limit=2", "limit")]
    [TestCase("cursor=2", "cursor"), TestCase("cursor=%00", "cursor"), TestCase("date_range=7d", "date_range")]
    [TestCase("user_id=8", "user_id")]
    public async Task Invalid_parameter_returns_400(string query, string name)
    {
        var reply = await Service.SendAsync(WalkRequest with { Query = query });

        Assert.That((reply.Status, reply.Json["errors"]!.AsObject().Single().Key), Is.EqualTo((400, name)));
    }

    [Test]
    public async Task Changed_cursor_and_cursor_of_another_list_return_400()
    {
        await Service.AddNamedSpacesAsync(Acme.Id, (15, "A"), (16, "B"));
        var cursor = (await Service.SendAsync(WalkRequest with { Query = "limit=1" })).GetCursor()!;
        var ofSpaces = (await Service.ListSpacesAsync("limit=1")).GetCursor();

        foreach (var other in new[] { $"{cursor}A", cursor[1..], $"A{cursor[1..]}", ofSpaces })
        {
            var reply = await Service.SendAsync(WalkRequest with { Query = $"cursor={other}" });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((400, "cursor must be one that a page gave.")), other);
        }
    }

    [Test]
    public async Task Cursor_of_another_user_shows_only_own_organisations()
    {
        var cursor = (await Service.SendAsync(WalkRequest with { Query = "limit=1" })).GetCursor();

        var reply = await Service.ListOrganisationsAsync($"cursor={cursor}");

        Assert.That(reply.GetHandles(), Is.EqualTo(new[] { Acme.Handle }));
    }

    [TestCase("{0}"), TestCase("W/{0}"), TestCase("\"other\", {0}")]
    public async Task Matching_IfNoneMatch_returns_304(string header)
    {
        var fresh = await Service.SendAsync(WalkRequest with { Query = "limit=2" });
        var ifNoneMatch = header.Replace("{0}", fresh["ETag"], StringComparison.Ordinal);

        var revalidation = await Service.SendAsync(WalkRequest with { Query = "limit=2", Headers = [("If-None-Match", ifNoneMatch)] });

        Assert.That((revalidation.Status, revalidation.Body, revalidation["ETag"]), Is.EqualTo((304, "", fresh["ETag"])));
        Assert.That((revalidation["Cache-Control"], revalidation["Vary"], revalidation["Link"]),
            Is.EqualTo((fresh["Cache-Control"], fresh["Vary"], fresh["Link"])));
    }

    [TestCase("*"), TestCase("\"other\""), TestCase("nonsense")]
    public async Task Other_IfNoneMatch_values_return_200(string ifNoneMatch) =>
        Assert.That((await Service.SendAsync(WalkRequest with { Headers = [("If-None-Match", ifNoneMatch)] })).Status, Is.EqualTo(200));

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return ChangeCase("the membership ends", service => service.ReplaceMembersAsync(Acme.Id, "8"), "");
        yield return ChangeCase(
            "the role changes", service => service.AddMemberAsync(Acme.Id, Acme.MemberUserId, "owner"), "acme.example owner");
        yield return ChangeCase(
            "the organisation is closed", service => service.AddOrganisationAsync(Acme.Id, Acme.Handle, "inactive"), "");
        yield return ChangeCase(
            "the organisation is renamed", service => service.AddOrganisationAsync(Acme.Id, "renamed.example"), "renamed.example viewer");
        yield return ChangeCase("a membership begins", async service =>
        {
            await service.AddOrganisationAsync(2, "beta.example");
            await service.AddMemberAsync(2, Acme.MemberUserId, "editor");
        }, "acme.example viewer, beta.example editor");
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_is_visible_in_the_next_response(Func<AnalyticsService, Task> change, string organisations)
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var before = await service.ListOrganisationsAsync();

        await change(service);
        var after = await service.ListOrganisationsAsync("", new AnalyticsRequest { Headers = [("If-None-Match", before["ETag"]!)] });

        Assert.That(string.Join(", ", after.Json["data"]!["organisations"]!.AsArray().Select(row => $"{row!["handle"]} {row["role"]}")),
            Is.EqualTo(organisations));
        Assert.That(after["ETag"], Is.Not.EqualTo(before["ETag"]));
    }

    [Test]
    public async Task Page_needs_one_connection_and_an_invalid_request_none()
    {
        await using var service = await Acme.StartServiceAsync(Engine, ObservedDataSource.Install);
        var database = (ObservedDataSource)service.Services.GetRequiredService<DbDataSource>();
        var before = database.OpenedConnections;

        var invalid = await service.ListOrganisationsAsync("limit=0");
        var anonymous = await service.ListOrganisationsAsync("", new AnalyticsRequest { Authorization = null });
        Assert.That((invalid.Status, anonymous.Status, database.OpenedConnections), Is.EqualTo((400, 401, before)));

        await service.ListOrganisationsAsync();
        Assert.That(database.OpenedConnections, Is.EqualTo(before + 1));
    }

    [TestCase("/api/v2/platform/organisations"), TestCase(CatalogueRequests.OrganisationsPath)]
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
        foreach (var (number, handle) in WalkHandles.Index())
        {
            // Not in the order of the handles.
            var id = 100 - number;
            await service.AddOrganisationAsync(id, handle);
            await service.AddMemberAsync(id, Walker);
        }

        return service;
    }

    private static TestCaseData ChangeCase(string name, Func<AnalyticsService, Task> change, string organisations) =>
        new TestCaseData(change, organisations).SetArgDisplayNames(name);
}
