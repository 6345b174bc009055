using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Tags name an answer and the version that it is of; what has been written is in the next answer.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class VersionTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Support = "SUPPORT";
    private const string Beta = "beta.example";

    [Test]
    public async Task ATagIsStrongAndStable()
    {
        var first = await Service.SendAsync();
        var second = await Service.SendAsync();

        Assert.That(first["ETag"], Does.Match("^\"[^\"]+\"$").And.EqualTo(second["ETag"]));
    }

    [Test]
    public async Task OneQuestionHasOneTagHoweverItIsAsked()
    {
        AnalyticsRequest[] same =
        [
            new(), new() { Handle = " ACME.example " }, new() { Product = "unpod.dev" }, new() { Product = " " }, new() { Query = "space_token=" },
            new() { Query = "utm_source=mail" }, new() { Path = AnalyticsRequest.AnalyticsPath.TrimEnd('/') }, new() { Method = "HEAD" },
        ];

        Assert.That((await TagsAsync(same)).Distinct(), Has.Exactly(1).Not.Null);
    }

    [Test]
    public async Task OtherQuestionsHaveOtherTags()
    {
        AnalyticsRequest[] different =
        [
            new(), new() { Product = "unpod.tv" }, new() { Product = "Unpod.dev" }, new() { SpaceToken = Acme.SalesToken }, new() { SpaceToken = Support },
            new() { SpaceToken = Acme.SalesToken, Product = "unpod.tv" }, new() { Handle = Beta }, new() { Handle = Beta, SpaceToken = Acme.SalesToken },
        ];

        Assert.That(await TagsAsync(different), Is.Unique.And.All.Not.Null);
    }

    [TestCase("{0}"), TestCase("W/{0}"), TestCase("\"other\", {0}"), TestCase("\"other\",W/{0} , \"another\"")]
    public async Task AKnownTagGives304(string known)
    {
        var fresh = await Service.SendAsync();

        var reply = await AskKnowingAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, known, fresh["ETag"]));

        Assert.That((reply.Status, reply.Body), Is.EqualTo((304, "")));
        Assert.That(Shared(reply), Is.EqualTo(Shared(fresh)));
    }

    [Test]
    public async Task AKnownTagIsReadFromEveryLine()
    {
        var tag = (await Service.SendAsync())["ETag"]!;

        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", "\"other\""), ("If-None-Match", tag)] });

        Assert.That(reply.Status, Is.EqualTo(304));
    }

    [TestCase("*"), TestCase("\"other\""), TestCase("nonsense"), TestCase("")]
    public async Task NothingElseGives304(string known) => Assert.That((await AskKnowingAsync(known)).Status, Is.EqualTo(200));

    [Test]
    public async Task TheTagOfAnotherQuestionNeverGives304()
    {
        var tags = await TagsAsync([new() { Handle = Beta }, new() { SpaceToken = Acme.SalesToken }, new() { Product = "unpod.tv" }]);

        Assert.That((await AskKnowingAsync(string.Join(", ", tags))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ADateNeverGives304()
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [("If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT")] });

        Assert.That((reply.Status, reply["Last-Modified"]), Is.EqualTo((200, (string?)null)));
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Change("a task is written", service => service.AddSalesTasksAsync(new NativeTask("second")), "2");
        yield return Change("a task is deleted", service => service.AddSalesTasksAsync(new NativeTask("first") { Deleted = true }), "0");
        yield return Change("a space is archived", service => service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived"), "0");
        yield return Change("a space changes its type", service => service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, contentType: "general"), "0");
        yield return Change("a space changes its token", service => service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, "RENAMED"), "1");
        yield return Change("the organisation is closed", service => service.AddOrganisationAsync(Acme.Id, Acme.Handle, "inactive"), "Organization not found.");
        yield return Change("the organisation is renamed", service => service.AddOrganisationAsync(Acme.Id, "renamed.example"), "Organization not found.");
    }

    [TestCaseSource(nameof(Changes))]
    public async Task AChangeIsInTheVeryNextAnswer(Func<AnalyticsService, Task> change, string outcome)
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var tag = (await service.SendAsync())["ETag"]!;

        await change(service);
        var reply = await service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", tag)] });

        Assert.That(reply.Status == 200 ? $"{reply.Json["data"]!["call_status"]!["total_tasks"]}" : reply.Message, Is.EqualTo(outcome));
        Assert.That(reply["ETag"], Is.Not.EqualTo(tag));
    }

    [Test]
    public async Task ARenamedOrganisationIsFoundByItsNewHandleUnderAnotherTag()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var tag = (await service.SendAsync())["ETag"]!;

        await service.AddOrganisationAsync(Acme.Id, "renamed.example");
        var reply = await service.SendAsync(new AnalyticsRequest { Handle = "renamed.example", Headers = [("If-None-Match", tag)] });

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply["ETag"], Is.Not.Null.And.Not.EqualTo(tag));
    }

    [Test]
    public async Task AnArchivedSpaceIsNotFoundWhateverOneKnew()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var tag = (await service.SendAsync(new AnalyticsRequest { SpaceToken = Acme.SalesToken }))["ETag"]!;

        await service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");
        var reply = await service.SendAsync(new AnalyticsRequest { SpaceToken = Acme.SalesToken, Headers = [("If-None-Match", tag)] });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Space not found.")));
    }

    [Test]
    public async Task AWriteThatChangesNothingKeepsTheTag()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var tag = (await service.SendAsync())["ETag"];

        await service.AddSalesTasksAsync(new NativeTask("first") { Outcome = "Interested" });

        Assert.That((await service.SendAsync())["ETag"], Is.EqualTo(tag));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddSpaceAsync(Acme.Id, 12, Support);
        await service.AddOrganisationAsync(2, Beta);
        await service.AddMemberAsync(2, Acme.MemberUserId);
        await service.AddSpaceAsync(2, 21, Acme.SalesToken);
        return service;
    }

    private static TestCaseData Change(string what, Func<AnalyticsService, Task> change, string outcome) =>
        new TestCaseData(change, outcome).SetArgDisplayNames(what);

    /// <summary>All but what describes or frames a body that a 304 does not have.</summary>
    private static IEnumerable<(string, string)> Shared(Reply reply) =>
        reply.StableHeaders.Where(header => header.Name is not ("Content-Type" or "Content-Length" or "Connection")).Order();

    private Task<Reply> AskKnowingAsync(string known) => Service.SendAsync(new AnalyticsRequest { Headers = [("If-None-Match", known)] });

    private async Task<IEnumerable<string?>> TagsAsync(IEnumerable<AnalyticsRequest> questions)
    {
        var replies = await Task.WhenAll(questions.Select(question => Service.SendAsync(question)));
        return replies.Select(reply => reply["ETag"]);
    }
}
