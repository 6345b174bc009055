using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>An ETag identifies a response and its version; the next response reflects every write.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class ETagTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Support = "SUPPORT";
    private const string Beta = "beta.example";

    [Test]
    public async Task ETag_is_strong_and_stable()
    {
        var first = await Service.SendAsync();
        var second = await Service.SendAsync();

        Assert.That(first["ETag"], Does.Match("^\"[^\"]+\"$").And.EqualTo(second["ETag"]));
    }

    [Test]
    public async Task Equivalent_requests_have_the_same_ETag()
    {
        AnalyticsRequest[] same =
        [
            new(), new() { Handle = " ACME.example " }, new() { Product = "unpod.dev" }, new() { Product = " " },
            new() { Query = "space_token=" },
            new() { Query = "utm_source=mail" }, new() { Path = AnalyticsRequest.AnalyticsPath.TrimEnd('/') }, new() { Method = "HEAD" },
        ];

        Assert.That((await GetETagsAsync(same)).Distinct(), Has.Exactly(1).Not.Null);
    }

    [Test]
    public async Task Different_requests_have_different_ETags()
    {
        AnalyticsRequest[] different =
        [
            new(), new() { Product = "unpod.tv" }, new() { Product = "Unpod.dev" }, new() { SpaceToken = Acme.SalesToken },
            new() { SpaceToken = Support },
            new() { SpaceToken = Acme.SalesToken, Product = "unpod.tv" }, new() { Handle = Beta },
            new() { Handle = Beta, SpaceToken = Acme.SalesToken },
        ];

        Assert.That(await GetETagsAsync(different), Is.Unique.And.All.Not.Null);
    }

    [TestCase("{0}"), TestCase("W/{0}"), TestCase("\"other\", {0}"), TestCase("\"other\",W/{0} , \"another\"")]
    public async Task Matching_IfNoneMatch_returns_304(string ifNoneMatch)
    {
        var fresh = await Service.SendAsync();

        var reply = await SendWithIfNoneMatchAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, ifNoneMatch, fresh["ETag"]));

        Assert.That((reply.Status, reply.Body), Is.EqualTo((304, "")));
        Assert.That(GetSharedHeaders(reply), Is.EqualTo(GetSharedHeaders(fresh)));
    }

    [TestCase(AnalyticsRequest.AnalyticsPath, ""), TestCase(AnalyticsRequest.AnalyticsPath, "format=csv")]
    [TestCase(TaskListRequests.Path, "limit=1"), TestCase(TaskListRequests.Path, "format=ndjson")]
    [TestCase(CatalogueRequests.SpacesPath, "limit=1"), TestCase(CatalogueRequests.OrganisationsPath, "limit=1")]
    public async Task Not_modified_response_repeats_the_headers_that_do_not_follow_from_the_body(string path, string query)
    {
        var request = new AnalyticsRequest { Path = path, Query = query };
        var fresh = await Service.SendAsync(request);

        var reply = await Service.SendAsync(request with { Headers = [("If-None-Match", fresh["ETag"]!)] });

        Assert.That((fresh.Status, reply.Status, reply.Body), Is.EqualTo((200, 304, "")));
        Assert.That(GetSharedHeaders(reply), Is.EqualTo(GetSharedHeaders(fresh)));
        Assert.That(new[] { "Date", "Cache-Control", "Vary", "ETag", "X-Request-Id" }.Select(name => reply[name]), Is.All.Not.Null);
    }

    [Test]
    public async Task IfNoneMatch_is_read_from_all_header_lines()
    {
        var etag = (await Service.SendAsync())["ETag"]!;

        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", "\"other\""), ("If-None-Match", etag)] });

        Assert.That(reply.Status, Is.EqualTo(304));
    }

    [TestCase("*"), TestCase("\"other\""), TestCase("nonsense"), TestCase("")]
    public async Task Other_IfNoneMatch_values_return_200(string ifNoneMatch) =>
        Assert.That((await SendWithIfNoneMatchAsync(ifNoneMatch)).Status, Is.EqualTo(200));

    [Test]
    public async Task ETag_of_another_request_returns_200()
    {
        var etags = await GetETagsAsync([new() { Handle = Beta }, new() { SpaceToken = Acme.SalesToken }, new() { Product = "unpod.tv" }]);

        Assert.That((await SendWithIfNoneMatchAsync(string.Join(", ", etags))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task IfModifiedSince_is_ignored()
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [("If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT")] });

        Assert.That((reply.Status, reply["Last-Modified"]), Is.EqualTo((200, (string?)null)));
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return ChangeCase("a task is written", service => service.AddSalesTasksAsync(new NativeTask("second")), "2");
        yield return ChangeCase(
            "a task is deleted", service => service.AddSalesTasksAsync(new NativeTask("first") { Deleted = true }), "0");
        yield return ChangeCase(
            "a space is archived", service => service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived"), "0");
        yield return ChangeCase("a space changes its type",
            service => service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, contentType: "general"), "0");
        yield return ChangeCase("a space changes its token", service => service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, "RENAMED"), "1");
        yield return ChangeCase("the organisation is closed", service => service.AddOrganisationAsync(Acme.Id, Acme.Handle, "inactive"),
            "Organization not found.");
        yield return ChangeCase(
            "the organisation is renamed", service => service.AddOrganisationAsync(Acme.Id, "renamed.example"), "Organization not found.");
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Change_is_visible_in_the_next_response(Func<AnalyticsService, Task> change, string outcome)
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var etag = (await service.SendAsync())["ETag"]!;

        await change(service);
        var reply = await service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", etag)] });

        Assert.That(reply.Status == 200 ? $"{reply.Json["data"]!["call_status"]!["total_tasks"]}" : reply.Message, Is.EqualTo(outcome));
        Assert.That(reply["ETag"], Is.Not.EqualTo(etag));
    }

    [Test]
    public async Task Renamed_organisation_is_found_by_its_new_handle_with_a_new_ETag()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var etag = (await service.SendAsync())["ETag"]!;

        await service.AddOrganisationAsync(Acme.Id, "renamed.example");
        var reply = await service.SendAsync(new AnalyticsRequest { Handle = "renamed.example", Headers = [("If-None-Match", etag)] });

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply["ETag"], Is.Not.Null.And.Not.EqualTo(etag));
    }

    [Test]
    public async Task Archived_space_returns_404_despite_a_matching_IfNoneMatch()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var etag = (await service.SendAsync(new AnalyticsRequest { SpaceToken = Acme.SalesToken }))["ETag"]!;

        await service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");
        var reply = await service.SendAsync(new AnalyticsRequest { SpaceToken = Acme.SalesToken, Headers = [("If-None-Match", etag)] });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Space not found.")));
    }

    [Test]
    public async Task Write_without_effect_does_not_change_the_ETag()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var etag = (await service.SendAsync())["ETag"];

        await service.AddSalesTasksAsync(new NativeTask("first") { Outcome = "Interested" });

        Assert.That((await service.SendAsync())["ETag"], Is.EqualTo(etag));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddSpaceAsync(Acme.Id, 12, Support);
        await service.AddOrganisationAsync(2, Beta);
        await service.AddMemberAsync(2, Acme.MemberUserId);
        await service.AddSpaceAsync(2, 21, Acme.SalesToken);
        await service.AddSalesTasksAsync(new NativeTask("second"));
        return service;
    }

    private static TestCaseData ChangeCase(string caseName, Func<AnalyticsService, Task> change, string outcome) =>
        new TestCaseData(change, outcome).SetArgDisplayNames(caseName);

    // The headers without those that describe or frame a body, which a 304 does not have. The link follows from the page, which is not
    // read for a 304: the client keeps the one that it has.
    private static IEnumerable<(string, string)> GetSharedHeaders(Reply reply) => reply.StableHeaders
        .Where(header => header.Name is not
            ("Content-Type" or "Content-Length" or "Content-Disposition" or "Transfer-Encoding" or "Connection" or "Link"))
        .Order();

    private Task<Reply> SendWithIfNoneMatchAsync(string ifNoneMatch) =>
        Service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", ifNoneMatch)] });

    private async Task<IEnumerable<string?>> GetETagsAsync(IEnumerable<AnalyticsRequest> requests)
    {
        var replies = await Task.WhenAll(requests.Select(request => Service.SendAsync(request)));
        return replies.Select(reply => reply["ETag"]);
    }
}
