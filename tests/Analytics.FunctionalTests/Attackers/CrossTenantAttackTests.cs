using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>
/// A member of one organisation can neither read nor change another, by any route or parameter, even if its responses are cached.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class CrossTenantAttackTests(DatabaseEngine engine) : AttackFixture(engine)
{
    private static readonly (string, string) RequestIdHeader = ("X-Request-Id", "one-and-the-same");

    private static readonly string[] CommonQueries =
    [
        "", $"space_token={Acme.SalesToken}", $"space_token={Victim.OwnSpace}", "space_token=NOWHERE", "date_range=all", "date_range=month",
        $"agent={Victim.OwnAgent}", "agent=asha", "direction=inbound", "start_date=2026-03-01&end_date=2026-03-31&timezone=Asia/Kolkata",
    ];

    private static readonly string[] TotalsQueries =
        ["group_by=space,agent", "group_by=run", "group_by=label", "date_range=28d&group_by=day_of_week", "run_id=run-1",
            "date_range=28d&interval=day&fill=none", "group_by=direction&limit=1", "date_range=28d&interval=day",
            "date_range=7d&compare=previous_period", "include=reconciliation,components,meta", "format=csv", "format=ndjson"];

    private static readonly string[] TaskQueries =
        ["limit=2", "include=total", $"run_id={Victim.OwnRun}", "run_id=run-1", "label=interested", "task_id=victim-1",
        "outcome=call_back", "status=completed", "execution_type=call", "format=csv", "format=ndjson", "cursor={cursor}"];

    // The parameters of queries.
    public static IEnumerable<string> AttackedParameters =>
        CommonQueries.Concat(TotalsQueries).Concat(TaskQueries).SelectMany(query => query.Split('&', StringSplitOptions.RemoveEmptyEntries))
            .Select(pair => pair.Split('=')[0]).Distinct(StringComparer.Ordinal);

    private static IEnumerable<TestCaseData> RouteQueryCases() =>
        from routeQueries in new[] {
            (Route.Totals, CommonQueries.Concat(TotalsQueries)), (Route.Tasks, CommonQueries.Concat(TaskQueries)),
            (Route.Stream, CommonQueries.Concat(TotalsQueries[..^2])), (Route.Spaces, ["", "limit=1"]), (Route.Push, [""]) }
        from query in routeQueries.Item2
        select new TestCaseData(routeQueries.Item1, query).SetArgDisplayNames($"{routeQueries.Item1}", query);

    [TestCaseSource(nameof(RouteQueryCases))]
    public async Task Foreign_organisation_is_indistinguishable_from_an_unknown_one(Route route, string query)
    {
        var victimResponses = await GetVictimResponsesAsync();
        var resolvedQuery = query.Replace("{cursor}", (string)victimResponses[^1].Json["data"]!["cursor"]!, StringComparison.Ordinal);
        var etags = string.Join(", ", victimResponses.Select(reply => reply["ETag"]));
        foreach (var user in new[] { Acme.MemberUserId, PushRequest.EditorUserId })
        {
            var request = new AnalyticsRequest
            {
                Authorization = $"jwt {Tokens.Sign(Tokens.CreateClaims(("user_id", user), ("scope", "tasks:write")))}",
                Query = resolvedQuery.Length == 0 ? null : resolvedQuery,
                Headers = [RequestIdHeader, ("If-None-Match", etags), ("Last-Event-ID", victimResponses[0]["ETag"]!)],
            };

            var foreign = await Service.SendAsync(route, request with { Handle = Victim.Handle });
            var unknown = await Service.SendAsync(route, request with { Handle = "nobody.example" });

            using (Assert.EnterMultipleScope())
            {
                Assert.That((foreign.Status, foreign.Message), Is.EqualTo((404, "Organization not found.")));
                Assert.That((foreign.Status, foreign.Body), Is.EqualTo((unknown.Status, unknown.Body)));
                Assert.That(foreign.StableHeaders, Is.EqualTo(unknown.StableHeaders));
            }
        }
    }

    [TestCaseSource(nameof(RouteQueryCases))]
    public async Task Foreign_etags_cursors_and_ids_reveal_nothing(Route route, string query)
    {
        var victimResponses = await GetVictimResponsesAsync();
        var cachedReply = route == Route.Push ? null : await Service.SendAsync(
            route, new AnalyticsRequest { Handle = Victim.Handle, Authorization = CreateAuthorization(Victim.Member), Query = query });
        var request = new AnalyticsRequest
        {
            Query = query.Length == 0 ? null
                : query.Replace("{cursor}", (string)victimResponses[^1].Json["data"]!["cursor"]!, StringComparison.Ordinal),
            Headers = [("If-None-Match", string.Join(", ", victimResponses.Select(reply => reply["ETag"]))),
                ("Last-Event-ID", victimResponses[0]["ETag"]!)],
        };

        var reply = await Service.SendAsync(route, request);

        Assert.That(reply.Status, Is.Not.EqualTo(304).And.LessThan(500));
        Assert.That(reply.Body, Does.Not.Contain(Victim.Marker).IgnoreCase);

        // The victim's response to the same query is cached. The tasks of both differ, by any filter that finds some.
        var isFile = query.StartsWith("format=", StringComparison.Ordinal);
        Assert.That(cachedReply is not { Status: 200 } || (!isFile && route.IsEmptyResult(cachedReply)) || reply.Body != cachedReply.Body,
            reply.Body);
    }

    [Test]
    public async Task Foreign_space_is_indistinguishable_from_an_unknown_one()
    {
        foreach (var route in Route.ReadRoutes)
        {
            var foreign =
                await Service.SendAsync(route, new AnalyticsRequest { SpaceToken = Victim.OwnSpace, Headers = [RequestIdHeader] });
            var unknown = await Service.SendAsync(route, new AnalyticsRequest { SpaceToken = "NOWHERE", Headers = [RequestIdHeader] });

            Assert.That((foreign.Status, foreign.Message), Is.EqualTo((404, "Space not found.")), $"{route}");
            Assert.That((foreign.Body, foreign.StableHeaders), Is.EqualTo((unknown.Body, unknown.StableHeaders)), $"{route}");
        }
    }

    [Test]
    public async Task Writes_with_foreign_ids_do_not_reach_the_other_organisation()
    {
        NativeTask[] sameIds = [.. Victim.Tasks, .. Victim.Tasks.Select(task => task with { TaskId = $"beta {task.TaskId}" })];

        var written = await Service.PushAsync(
            PushRequest.Create(sameIds.Select(task => task with { Status = "failed", Agent = Victim.OwnAgent, RunId = Victim.OwnRun })));
        var deleted = await Service.PushAsync(PushRequest.Create(sameIds.Select(task => task with { Deleted = true })));
        var moved = await Service.PushAsync(PushRequest.Create(sameIds.Select(task => task with { SpaceToken = Victim.OwnSpace })));
        var withOrganisationId = await Service.PushAsync(
            PushRequest.FromText("""{"task_id":"task 1","space_token":"SALES","status":"failed","organisation_id":2}"""));

        Assert.That((written.Status, deleted.Status, moved.GetCounts().Rejected, withOrganisationId.GetCounts().Rejected),
            Is.EqualTo((200, 200, sameIds.Length, 1)));
    }

    [Test]
    public async Task Write_to_foreign_organisation_is_indistinguishable_from_an_unknown_one()
    {
        var push = PushRequest.Create(Victim.Tasks.Select(task => task with { Deleted = true })) with { Headers = [RequestIdHeader] };

        var foreign = await Service.PushAsync(push with { Handle = Victim.Handle });
        var unknown = await Service.PushAsync(push with { Handle = "nobody.example" });

        Assert.That((foreign.Status, foreign.Body, foreign.StableHeaders), Is.EqualTo((404, unknown.Body, unknown.StableHeaders)));
    }

    [TestCase("8 "), TestCase(" 8"), TestCase("08"), TestCase("+8"), TestCase("8.0"), TestCase("8e0"), TestCase("\uFF18"), TestCase(
        "\u0668"), TestCase("\u2087"), TestCase("8\u200B"), TestCase("8\u00A0"), TestCase("8'--"), TestCase("8%"), TestCase("_"),
        TestCase("%")]
    public async Task User_id_resembling_a_members_is_a_non_member(string user)
    {
        await GetVictimResponsesAsync();
        foreach (var route in Route.OrganisationRoutes)
        {
            var reply = await Service.SendAsync(
                route, new AnalyticsRequest { Handle = Victim.Handle, Authorization = Tokens.CreateAuthorization(user) });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Organization not found.")), $"{route}");
        }

        var organisations = await Service.ListOrganisationsAsync("", new() { Authorization = Tokens.CreateAuthorization(user) });
        Assert.That((organisations.Status, organisations.GetHandles().Count), Is.EqualTo((200, 0)));
    }

    [TestCase(Acme.MemberUserId, Acme.Handle), TestCase(Victim.Member, Victim.Handle)]
    [TestCase(Victim.MemberOfBoth, $"{Acme.Handle},{Victim.Handle}")]
    public async Task User_sees_only_own_organisations_and_their_spaces(string user, string handles)
    {
        // The responses of others, their ETags and their cursors are known.
        var victimResponses = await GetVictimResponsesAsync();
        var ofBoth = new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth) };
        var cursor = (await Service.ListOrganisationsAsync("limit=1", ofBoth)).GetCursor();
        var spaceCursor = (await Service.ListSpacesAsync("limit=1", ofBoth with { Handle = Victim.Handle })).GetCursor();
        var etags = string.Join(", ", victimResponses.Select(reply => reply["ETag"]));
        var request = new AnalyticsRequest {
            Authorization = Tokens.CreateAuthorization(user), Headers = user == Acme.MemberUserId ? [("If-None-Match", etags)] : [] };

        var organisations = await Service.ListOrganisationsAsync("", request);
        var later = await Service.ListOrganisationsAsync($"cursor={cursor}", request);

        Assert.That(organisations.GetHandles(), Is.EqualTo(handles.Split(',')));
        Assert.That(later.GetHandles(), Is.EqualTo(handles.Split(',').Where(handle => handle != Acme.Handle)));
        foreach (var handle in organisations.GetHandles())
        {
            string[] own = handle == Acme.Handle ? [Acme.SalesToken] : [Victim.OwnSpace, Acme.SalesToken];
            Assert.That((await Service.ListSpacesAsync("", request with { Handle = handle })).GetSpaceTokens(), Is.EqualTo(own));
            Assert.That((await Service.ListSpacesAsync($"cursor={spaceCursor}", request with { Handle = handle })).GetSpaceTokens(),
                Is.EqualTo(new[] { Acme.SalesToken }));
        }
    }

    [Test]
    public async Task Similar_organisations_have_different_ETags()
    {
        var requests = new[] { Acme.Handle, Victim.Handle }.Select(handle => new AnalyticsRequest {
            Handle = handle, Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth), SpaceToken = Acme.SalesToken });

        foreach (var route in new[] { Route.Totals, Route.Tasks })
        {
            var etags = (await Task.WhenAll(requests.Select(request => Service.SendAsync(route, request)))).Select(reply => reply["ETag"]);

            Assert.That(etags, Is.Unique.And.All.Not.Null, $"{route}");
        }
    }
}
