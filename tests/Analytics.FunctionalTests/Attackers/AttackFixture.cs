using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>
/// Two organisations that look alike, in their tokens, task ids, agents and runs. Those of Acme attack; whatever they send,
/// of Beta nothing shows and nothing changes, and every number is still what a recount finds.
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

        Assert.That(after.Select(reply => (reply.Status, reply["ETag"], reply.Body)), Is.EqualTo(_victimResponses.Select(reply => (200, reply["ETag"], reply.Body))));
    }

    [OneTimeTearDown]
    public async Task AssertRollupsConsistentAsync() => Assert.That((await Service.VerifyAsync()).Select(recount => recount.IsClean), Is.All.True);

    /// <summary>What the victim sees, which leaves it in every cache.</summary>
    protected Task<Reply[]> GetVictimResponsesAsync() => Victim.GetAllResponsesAsync(Service, CreateAuthorization(Victim.Member));

    protected virtual string CreateAuthorization(string user) => Tokens.CreateAuthorization(user);

    protected override async Task<AnalyticsService> StartServiceAsync() => await AddVictimAsync(await Acme.StartServiceAsync(Engine));

    /// <summary>Gives an attacker's service its writer, and the victim.</summary>
    protected static async Task<AnalyticsService> AddVictimAsync(AnalyticsService service)
    {
        await service.AddSalesTasksAsync(Victim.Tasks.Select(task => task with { Agent = "asha", RunId = "run-1" }));
        await Victim.SeedAsync(service);
        return service;
    }
}

/// <summary>The organisation that is attacked. What is its own alone says so.</summary>
internal static class Victim
{
    public const long Id = 2;
    public const string Handle = "beta.example";
    public const string Member = "8";
    public const string OwnSpace = "BETAONLY";
    public const string OwnAgent = "beta-agent";
    public const string OwnRun = "beta-run";

    /// <summary>In whatever is the victim's alone, in any case.</summary>
    public const string Marker = "beta";

    /// <summary>With the ids of the attacker's.</summary>
    public static readonly NativeTask[] Tasks = [.. Enumerable.Range(1, 5).Select(number => new NativeTask($"task {number}") { Outcome = "Interested", CreatedAt = $"2026-03-0{number}T12:00:00Z" })];

    /// <summary>A member of both, whose own mistake would be the worst.</summary>
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
            .. Tasks.Select(task => task with { TaskId = $"beta {task.TaskId}", SpaceToken = OwnSpace, Agent = OwnAgent, RunId = OwnRun, Outcome = "Beta's label" }),
        ];
        await service.ImportTasksAsync(Id, tasks.Select(task => task.ToLine()), (21, Acme.SalesToken), (22, OwnSpace));
    }

    /// <summary>All that its member can see.</summary>
    public static async Task<Reply[]> GetAllResponsesAsync(AnalyticsService service, string authorization)
    {
        var request = new AnalyticsRequest { Handle = Handle, Authorization = authorization };
        return
        [
            await service.SendAsync(request),
            await service.SendAsync(request with { SpaceToken = Acme.SalesToken }),
            await service.SendAsync(request with { SpaceToken = OwnSpace }),
            await service.SendAsync(request with { Query = "group_by=agent,direction&include=components,reconciliation" }),
            await service.SendAsync(request with { Path = TaskListRequests.Path }),
            await service.SendAsync(request with { Path = TaskListRequests.Path, Query = "limit=2" }),
        ];
    }
}
