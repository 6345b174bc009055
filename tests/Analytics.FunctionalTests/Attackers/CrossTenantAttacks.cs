using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>A member of one organisation sees and changes nothing of another, by no route and no parameter, though the other has just asked.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class CrossTenantAttacks(DatabaseEngine engine) : AttackedFixture(engine)
{
    private static readonly (string, string) RequestId = ("X-Request-Id", "one-and-the-same");

    private static readonly string[] Queries =
    [
        "", $"space_token={Acme.Sales}", $"space_token={Victim.OwnSpace}", "space_token=NOWHERE", "date_range=all", "date_range=month", $"agent={Victim.OwnAgent}", "agent=asha", "direction=inbound", "start_date=2026-03-01&end_date=2026-03-31&timezone=Asia/Kolkata",
    ];

    private static readonly string[] QueriesOfTotals = ["group_by=space,agent", "date_range=28d&interval=day&fill=none", "group_by=direction&limit=1", "date_range=28d&interval=day", "date_range=7d&compare=previous_period", "include=reconciliation,components,meta", "format=csv", "format=ndjson"];

    private static readonly string[] QueriesOfTasks = ["limit=2", "include=total", $"run_id={Victim.OwnRun}", "run_id=run-1", "outcome=call_back", "status=completed", "execution_type=call", "format=csv", "format=ndjson", "cursor={cursor}"];

    /// <summary>The parameters by which is asked.</summary>
    public static IEnumerable<string> Parameters => Queries.Concat(QueriesOfTotals).Concat(QueriesOfTasks).SelectMany(query => query.Split('&', StringSplitOptions.RemoveEmptyEntries)).Select(given => given.Split('=')[0]).Distinct(StringComparer.Ordinal);

    private static IEnumerable<TestCaseData> Ways() =>
        from asked in new[] { (Route.Totals, QueriesOfTotals), (Route.Tasks, QueriesOfTasks), (Route.Stream, QueriesOfTotals[..^2]), (Route.Push, []) }
        let queries = asked.Item1 == Route.Push ? [""] : Queries.Concat(asked.Item2)
        from query in queries
        select new TestCaseData(asked.Item1, query).SetArgDisplayNames($"{asked.Item1}", query);

    [TestCaseSource(nameof(Ways))]
    public async Task AnotherOrganisationIsAnUnknownOne(Route route, string query)
    {
        var victim = await AskAsVictimAsync();
        var asked = query.Replace("{cursor}", (string)victim[^1].Json["data"]!["cursor"]!, StringComparison.Ordinal);
        var tags = string.Join(", ", victim.Select(reply => reply["ETag"]));
        foreach (var user in new[] { Acme.Member, Push.Editor })
        {
            var question = new Question
            {
                Authorization = $"jwt {Tokens.Sign(Tokens.Claims(("user_id", user), ("scope", "tasks:write")))}",
                Query = asked.Length == 0 ? null : asked,
                Headers = [RequestId, ("If-None-Match", tags), ("Last-Event-ID", victim[0]["ETag"]!)],
            };

            var foreign = await Service.AskAsync(route, question with { Handle = Victim.Handle });
            var unknown = await Service.AskAsync(route, question with { Handle = "nobody.example" });

            using (Assert.EnterMultipleScope())
            {
                Assert.That((foreign.Status, foreign.Message), Is.EqualTo((404, "Organization not found.")));
                Assert.That((foreign.Status, foreign.Body), Is.EqualTo((unknown.Status, unknown.Body)));
                Assert.That(foreign.LastingHeaders, Is.EqualTo(unknown.LastingHeaders));
            }
        }
    }

    [TestCaseSource(nameof(Ways))]
    public async Task NothingThatAnotherHoldsBringsOutMoreThanOnesOwn(Route route, string query)
    {
        var victim = await AskAsVictimAsync();
        var warm = route == Route.Push ? null : await Service.AskAsync(route, new Question { Handle = Victim.Handle, Authorization = AuthorizationOf(Victim.Member), Query = query });
        var question = new Question
        {
            Query = query.Length == 0 ? null : query.Replace("{cursor}", (string)victim[^1].Json["data"]!["cursor"]!, StringComparison.Ordinal),
            Headers = [("If-None-Match", string.Join(", ", victim.Select(reply => reply["ETag"]))), ("Last-Event-ID", victim[0]["ETag"]!)],
        };

        var reply = await Service.AskAsync(route, question);

        Assert.That(reply.Status, Is.Not.EqualTo(304).And.LessThan(500));
        Assert.That(reply.Body, Does.Not.Contain(Victim.Mark).IgnoreCase);

        // What the same question has just told the victim is in memory. Their tasks are not the same, by any filter that finds some.
        var isFile = query.StartsWith("format=", StringComparison.Ordinal);
        Assert.That(warm is not { Status: 200 } || (!isFile && route.FindsNothing(warm)) || reply.Body != warm.Body, reply.Body);
    }

    [Test]
    public async Task ASpaceOfAnotherIsAnUnknownOneByEveryRoute()
    {
        foreach (var route in Route.Questions)
        {
            var foreign = await Service.AskAsync(route, new Question { Space = Victim.OwnSpace, Headers = [RequestId] });
            var unknown = await Service.AskAsync(route, new Question { Space = "NOWHERE", Headers = [RequestId] });

            Assert.That((foreign.Status, foreign.Message), Is.EqualTo((404, "Space not found.")), $"{route}");
            Assert.That((foreign.Body, foreign.LastingHeaders), Is.EqualTo((unknown.Body, unknown.LastingHeaders)), $"{route}");
        }
    }

    [Test]
    public async Task WritesWithTheIdsOfAnotherAreOnesOwn()
    {
        NativeTask[] sameIds = [.. Victim.Tasks, .. Victim.Tasks.Select(task => task with { TaskId = $"beta {task.TaskId}" })];

        var written = await Service.PushAsync(Push.Of(sameIds.Select(task => task with { Status = "failed", Agent = Victim.OwnAgent, RunId = Victim.OwnRun })));
        var deleted = await Service.PushAsync(Push.Of(sameIds.Select(task => task with { Deleted = true })));
        var moved = await Service.PushAsync(Push.Of(sameIds.Select(task => task with { SpaceToken = Victim.OwnSpace })));
        var named = await Service.PushAsync(Push.OfText("""{"task_id":"task 1","space_token":"SALES","status":"failed","organisation_id":2}"""));

        Assert.That((written.Status, deleted.Status, moved.Counts().Rejected, named.Counts().Rejected), Is.EqualTo((200, 200, sameIds.Length, 1)));
    }

    [Test]
    public async Task AWriteToAnotherIsOneToNobody()
    {
        var push = Push.Of(Victim.Tasks.Select(task => task with { Deleted = true })) with { Headers = [RequestId] };

        var foreign = await Service.PushAsync(push with { Handle = Victim.Handle });
        var unknown = await Service.PushAsync(push with { Handle = "nobody.example" });

        Assert.That((foreign.Status, foreign.Body, foreign.LastingHeaders), Is.EqualTo((404, unknown.Body, unknown.LastingHeaders)));
    }

    [TestCase("8 "), TestCase(" 8"), TestCase("08"), TestCase("+8"), TestCase("8.0"), TestCase("8e0"), TestCase("\uFF18"), TestCase("\u0668"), TestCase("\u2087"), TestCase("8\u200B"), TestCase("8\u00A0"), TestCase("8'--"), TestCase("8%"), TestCase("_"), TestCase("%")]
    public async Task AUserThatLooksLikeAMemberIsAStranger(string user)
    {
        await AskAsVictimAsync();
        foreach (var route in Route.OfOrganisations)
        {
            var reply = await Service.AskAsync(route, new Question { Handle = Victim.Handle, Authorization = Tokens.Jwt(user) });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Organization not found.")), $"{route}");
        }
    }

    [Test]
    public async Task TheTagsOfTwoLookalikesAreDifferent()
    {
        var both = new[] { Acme.Handle, Victim.Handle }.Select(handle => new Question { Handle = handle, Authorization = Tokens.Jwt(Victim.MemberOfBoth), Space = Acme.Sales });

        foreach (var route in new[] { Route.Totals, Route.Tasks })
        {
            var tags = (await Task.WhenAll(both.Select(question => Service.AskAsync(route, question)))).Select(reply => reply["ETag"]);

            Assert.That(tags, Is.Unique.And.All.Not.Null, $"{route}");
        }
    }
}
