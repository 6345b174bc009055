using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>
/// Two organisations that resemble each other in their tokens, task ids, agents and runs. Members of Acme attack. No response may
/// contain anything of Beta, nothing of Beta may change, and every rollup must equal a recount.
/// </summary>
internal abstract class AttackFixture(DatabaseEngine engine = DatabaseEngine.Sqlite) : AcmeFixture(engine)
{
    private Reply[] _victimResponses = [];

    [OneTimeSetUp]
    public async Task CaptureVictimResponsesAsync() => _victimResponses = await GetVictimResponsesAsync();

    [TearDown]
    public async Task AssertVictimUnchangedAsync()
    {
        var after = await GetVictimResponsesAsync();

        Assert.That(after.Select(reply => (reply.Status, reply["ETag"], reply.Body)),
            Is.EqualTo(_victimResponses.Select(reply => (200, reply["ETag"], reply.Body))));
    }

    [OneTimeTearDown]
    public async Task AssertRollupsConsistentAsync() =>
        Assert.That((await Service.VerifyAsync()).Select(recount => recount.IsClean), Is.All.True);

    // The victim's responses, which are then in every cache.
    protected Task<Reply[]> GetVictimResponsesAsync() => Victim.GetAllResponsesAsync(Service, CreateAuthorization(Victim.Member));

    protected virtual string CreateAuthorization(string user) => Tokens.CreateAuthorization(user);

    protected override async Task<AnalyticsService> StartServiceAsync() => await AddVictimAsync(await Acme.StartServiceAsync(Engine));

    // Adds the attacker's writer and the victim.
    protected static async Task<AnalyticsService> AddVictimAsync(AnalyticsService service)
    {
        await service.AddSalesTasksAsync(Victim.Tasks.Select(task => task with { Agent = "asha", RunId = "run-1" }));
        await Victim.SeedAsync(service);
        return service;
    }
}

/// <summary>The organisation under attack.</summary>
internal static class Victim
{
    public const long Id = 2;
    public const string Handle = "beta.example";
    public const string Member = "8";
    public const string OwnSpace = "BETAONLY";
    public const string OwnAgent = "beta-agent";
    public const string OwnRun = "beta-run";

    // A part of every string that only the victim has, in any case.
    public const string Marker = "beta";

    // The same ids as the attacker's.
    public static readonly NativeTask[] Tasks = [.. Enumerable.Range(1, 5)
        .Select(number => new NativeTask($"task {number}") { Outcome = "Interested", CreatedAt = $"2026-03-0{number}T12:00:00Z" })];

    // A member of both organisations.
    public const string MemberOfBoth = "10";

    public static async Task SeedAsync(AnalyticsService service)
    {
        await service.AddOrganisationAsync(Id, Handle);
        await service.AddMemberAsync(Id, Member, "editor");
        await service.AddMemberAsync(Id, MemberOfBoth, "editor");
        await service.AddMemberAsync(Acme.Id, MemberOfBoth, "editor");
        await service.AddSpaceAsync(Id, 21, Acme.SalesToken);
        await service.AddSpaceAsync(Id, 22, OwnSpace);
        NativeTask[] tasks =
        [
            .. Tasks.Select(task => task with { Agent = "asha", RunId = "run-1", Outcome = "Call Back" }),
            .. Tasks.Select(task => task with {
                TaskId = $"beta {task.TaskId}", SpaceToken = OwnSpace, Agent = OwnAgent, RunId = OwnRun, Outcome = "Beta's label" }),
        ];
        await service.ImportTasksAsync(Id, tasks.Select(task => task.ToLine()), (21, Acme.SalesToken), (22, OwnSpace));
    }

    // Every response that its member can get.
    public static async Task<Reply[]> GetAllResponsesAsync(AnalyticsService service, string authorization)
    {
        var request = new AnalyticsRequest { Handle = Handle, Authorization = authorization };
        return
        [
            await service.SendAsync(request),
            await service.SendAsync(request with { SpaceToken = Acme.SalesToken }),
            await service.SendAsync(request with { SpaceToken = OwnSpace }),
            await service.SendAsync(request with { Query = "group_by=agent,direction&include=components,reconciliation" }),
            await service.ListOrganisationsAsync("", request),
            await service.ListSpacesAsync("", request),
            await service.SendAsync(request with { Path = TaskListRequests.Path }),
            await service.SendAsync(request with { Path = TaskListRequests.Path, Query = "limit=2" }),
        ];
    }
}
