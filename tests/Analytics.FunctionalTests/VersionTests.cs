using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Tags name an answer and the version that it is of; what has been written is in the next answer.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class VersionTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Support = "SUPPORT";
    private const string Beta = "beta.example";

    [Test]
    public async Task ATagIsStrongAndStable()
    {
        var first = await Service.AskAsync();
        var second = await Service.AskAsync();

        Assert.That(first["ETag"], Does.Match("^\"[^\"]+\"$").And.EqualTo(second["ETag"]));
    }

    [Test]
    public async Task OneQuestionHasOneTagHoweverItIsAsked()
    {
        Question[] same =
        [
            new(), new() { Handle = " ACME.example " }, new() { Product = "unpod.dev" }, new() { Product = " " }, new() { Query = "space_token=" },
            new() { Query = "utm_source=mail" }, new() { Path = Question.Analytics.TrimEnd('/') }, new() { Method = "HEAD" },
        ];

        Assert.That((await TagsAsync(same)).Distinct(), Has.Exactly(1).Not.Null);
    }

    [Test]
    public async Task OtherQuestionsHaveOtherTags()
    {
        Question[] different =
        [
            new(), new() { Product = "unpod.tv" }, new() { Product = "Unpod.dev" }, new() { Space = Acme.Sales }, new() { Space = Support },
            new() { Space = Acme.Sales, Product = "unpod.tv" }, new() { Handle = Beta }, new() { Handle = Beta, Space = Acme.Sales },
        ];

        Assert.That(await TagsAsync(different), Is.Unique.And.All.Not.Null);
    }

    [TestCase("{0}"), TestCase("W/{0}"), TestCase("\"other\", {0}"), TestCase("\"other\",W/{0} , \"another\"")]
    public async Task AKnownTagGives304(string known)
    {
        var fresh = await Service.AskAsync();

        var reply = await AskKnowingAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, known, fresh["ETag"]));

        Assert.That((reply.Status, reply.Body), Is.EqualTo((304, "")));
        Assert.That(Shared(reply), Is.EqualTo(Shared(fresh)));
    }

    [Test]
    public async Task AKnownTagIsReadFromEveryLine()
    {
        var tag = (await Service.AskAsync())["ETag"]!;

        var reply = await Service.AskAsync(new Question { Headers = [("If-None-Match", "\"other\""), ("If-None-Match", tag)] });

        Assert.That(reply.Status, Is.EqualTo(304));
    }

    [TestCase("*"), TestCase("\"other\""), TestCase("nonsense"), TestCase("")]
    public async Task NothingElseGives304(string known) => Assert.That((await AskKnowingAsync(known)).Status, Is.EqualTo(200));

    [Test]
    public async Task TheTagOfAnotherQuestionNeverGives304()
    {
        var tags = await TagsAsync([new() { Handle = Beta }, new() { Space = Acme.Sales }, new() { Product = "unpod.tv" }]);

        Assert.That((await AskKnowingAsync(string.Join(", ", tags))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task ADateNeverGives304()
    {
        var reply = await Service.AskAsync(new Question { Headers = [("If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT")] });

        Assert.That((reply.Status, reply["Last-Modified"]), Is.EqualTo((200, (string?)null)));
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Change("a task is written", service => service.HasSalesAsync(new NativeTask("second")), "2");
        yield return Change("a task is deleted", service => service.HasSalesAsync(new NativeTask("first") { Deleted = true }), "0");
        yield return Change("a space is archived", service => service.HasSpaceAsync(Acme.Id, Acme.SalesId, Acme.Sales, status: "archived"), "0");
        yield return Change("a space changes its type", service => service.HasSpaceAsync(Acme.Id, Acme.SalesId, Acme.Sales, contentType: "general"), "0");
        yield return Change("a space changes its token", service => service.HasSpaceAsync(Acme.Id, Acme.SalesId, "RENAMED"), "1");
        yield return Change("the organisation is closed", service => service.HasOrganisationAsync(Acme.Id, Acme.Handle, "inactive"), "Organization not found.");
        yield return Change("the organisation is renamed", service => service.HasOrganisationAsync(Acme.Id, "renamed.example"), "Organization not found.");
    }

    [TestCaseSource(nameof(Changes))]
    public async Task AChangeIsInTheVeryNextAnswer(Func<AnalyticsService, Task> change, string outcome)
    {
        await using var service = await Acme.StartAsync(Engine);
        var tag = (await service.AskAsync())["ETag"]!;

        await change(service);
        var reply = await service.AskAsync(new Question { Headers = [("If-None-Match", tag)] });

        Assert.That(reply.Status == 200 ? $"{reply.Json["data"]!["call_status"]!["total_tasks"]}" : reply.Message, Is.EqualTo(outcome));
        Assert.That(reply["ETag"], Is.Not.EqualTo(tag));
    }

    [Test]
    public async Task ARenamedOrganisationIsFoundByItsNewHandleUnderAnotherTag()
    {
        await using var service = await Acme.StartAsync(Engine);
        var tag = (await service.AskAsync())["ETag"]!;

        await service.HasOrganisationAsync(Acme.Id, "renamed.example");
        var reply = await service.AskAsync(new Question { Handle = "renamed.example", Headers = [("If-None-Match", tag)] });

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply["ETag"], Is.Not.Null.And.Not.EqualTo(tag));
    }

    [Test]
    public async Task AnArchivedSpaceIsNotFoundWhateverOneKnew()
    {
        await using var service = await Acme.StartAsync(Engine);
        var tag = (await service.AskAsync(new Question { Space = Acme.Sales }))["ETag"]!;

        await service.HasSpaceAsync(Acme.Id, Acme.SalesId, Acme.Sales, status: "archived");
        var reply = await service.AskAsync(new Question { Space = Acme.Sales, Headers = [("If-None-Match", tag)] });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Space not found.")));
    }

    [Test]
    public async Task AWriteThatChangesNothingKeepsTheTag()
    {
        await using var service = await Acme.StartAsync(Engine);
        var tag = (await service.AskAsync())["ETag"];

        await service.HasSalesAsync(new NativeTask("first") { Outcome = "Interested" });

        Assert.That((await service.AskAsync())["ETag"], Is.EqualTo(tag));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartAsync(Engine);
        await service.HasSpaceAsync(Acme.Id, 12, Support);
        await service.HasOrganisationAsync(2, Beta);
        await service.HasMemberAsync(2, Acme.Member);
        await service.HasSpaceAsync(2, 21, Acme.Sales);
        return service;
    }

    private static TestCaseData Change(string what, Func<AnalyticsService, Task> change, string outcome) =>
        new TestCaseData(change, outcome).SetArgDisplayNames(what);

    /// <summary>All but what describes or frames a body that a 304 does not have.</summary>
    private static IEnumerable<(string, string)> Shared(Reply reply) =>
        reply.LastingHeaders.Where(header => header.Name is not ("Content-Type" or "Content-Length" or "Connection")).Order();

    private Task<Reply> AskKnowingAsync(string known) => Service.AskAsync(new Question { Headers = [("If-None-Match", known)] });

    private async Task<IEnumerable<string?>> TagsAsync(IEnumerable<Question> questions)
    {
        var replies = await Task.WhenAll(questions.Select(question => Service.AskAsync(question)));
        return replies.Select(reply => reply["ETag"]);
    }
}
