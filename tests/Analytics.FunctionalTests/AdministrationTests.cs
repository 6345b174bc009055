using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Members, spaces and organisations change while the service runs; the next response reflects it.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class AdministrationTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31";
    private const string Support = "SUPPORT";
    private static readonly AnalyticsRequest NonMemberRequest = new() { Authorization = Tokens.CreateAuthorization(8) };

    private AnalyticsService _service = null!;
    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _commandLine = new CommandLine(_service.Database);
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Membership_change_applies_to_the_next_request()
    {
        Assert.That(await _service.SendAsync(NonMemberRequest),
            Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Organization not found."));

        await AssertOutputAsync("members add --organisation ACME.example --user 8", "acme.example: member 8 added");
        var memberReply = await _service.SendAsync(NonMemberRequest);
        Assert.That(memberReply.Status, Is.EqualTo(200));

        await AssertOutputAsync("members add --organisation acme.example --user 8", "acme.example: member 8 unchanged");
        await AssertOutputAsync("members add --organisation acme.example --user 8 --role viewer", "acme.example: member 8 unchanged");
        Assert.That((await _service.SendAsync(NonMemberRequest))["ETag"], Is.EqualTo(memberReply["ETag"]));

        await AssertOutputAsync("members remove --organisation acme.example --user 8", "acme.example: member 8 removed");
        Assert.That(await _service.SendAsync(NonMemberRequest),
            Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Organization not found."));
        await AssertOutputAsync("members remove --organisation acme.example --user 8", "acme.example: member 8 unchanged");
        Assert.That((await _service.SendAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Adding_existing_member_without_role_keeps_its_role()
    {
        await AssertOutputAsync("members add --organisation acme.example --user 8 --role editor", "acme.example: member 8 added");
        await AssertOutputAsync("members add --organisation acme.example --user 8", "acme.example: member 8 unchanged");
        await AssertOutputAsync("members add --organisation acme.example --user 7 --role owner", "acme.example: member 7 changed");
        await AssertOutputAsync("members add --organisation acme.example --user 6", "acme.example: member 6 added");
        await AssertOutputAsync(
            "members list --organisation acme.example", "user_id\trole", "6\tviewer", "7\towner", "8\teditor", "9\teditor");
    }

    [Test]
    public async Task Role_change_applies_to_the_next_push()
    {
        var push = PushRequest.Create(new NativeTask("pushed")) with { Authorization = Tokens.CreateAuthorization(8) };
        foreach (var (role, status) in new[] { ("editor", 200), ("viewer", 403), ("owner", 200) })
        {
            Assert.That((await _commandLine.RunAsync(
                ["members", "add", "--organisation", Acme.Handle, "--user", "8", "--role", role])).ExitCode, Is.Zero);
            Assert.That((await _service.PushAsync(push)).Status, Is.EqualTo(status), role);
        }

        await AssertOutputAsync("members remove --organisation acme.example --user 8", "acme.example: member 8 removed");
        Assert.That((await _service.PushAsync(push)).Status, Is.EqualTo(404));
    }

    [TestCase("", 403), TestCase("--scope tasks:read", 403), TestCase("--scope tasks:write", 200)]
    public async Task Viewer_can_push_only_with_write_scope(string scope, int status)
    {
        var token = await _commandLine.RunAsync(
            $"token --user {Acme.MemberUserId} {scope}".Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That((await _service.PushAsync(PushRequest.Create(new NativeTask("pushed")) with {
            Authorization = $"jwt {token.StandardOutput.Trim()}" })).Status, Is.EqualTo(status), token.StandardError);
    }

    [Test]
    public async Task Archived_space_returns_404_and_is_not_counted_until_reactivated_by_import()
    {
        await _service.AddSpaceAsync(Acme.Id, 12, Support);
        await _service.ImportTasksAsync(Acme.Id, [CreateJanuaryTask("s", Acme.SalesToken), CreateJanuaryTask("a", Support),
            CreateJanuaryTask("b", Support)], (Acme.SalesSpaceId, Acme.SalesToken), (12, Support));
        Assert.That(await CountJanuaryTasksAsync(), Is.EqualTo((3, 3)));

        await AssertOutputAsync("spaces archive --organisation acme.example --space SUPPORT", "acme.example: space SUPPORT archived");
        Assert.That(await CountJanuaryTasksAsync(), Is.EqualTo((1, 1)));
        Assert.That(ResponseRows.GetTotalTasks(await _service.SendAsync()), Is.EqualTo(2));
        foreach (var query in new[] { "space_token=SUPPORT", $"space_token=SUPPORT&{January}" })
        {
            Assert.That(await _service.SendAsync(new AnalyticsRequest { Query = query }),
                Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Space not found."));
        }

        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
        await AssertOutputAsync("spaces archive --organisation acme.example --space SUPPORT", "acme.example: space SUPPORT unchanged");
        await AssertOutputAsync("spaces list --organisation acme.example", "id\ttoken\tcontent_type\tstatus\tname",
            "11\tSALES\tcontact\tactive\tSALES", "12\tSUPPORT\tcontact\tarchived\tSUPPORT");

        await _service.AddSpaceAsync(Acme.Id, 12, Support);
        Assert.That(await CountJanuaryTasksAsync(), Is.EqualTo((3, 3)));
    }

    [Test]
    public async Task Archived_organisation_returns_404_until_reactivated_by_import()
    {
        await _service.AddOrganisationAsync(2, "other.example");
        await AssertOutputAsync("organisations archive --organisation acme.example", "acme.example: archived");
        Assert.That(await _service.SendAsync(),
            Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Organization not found."));

        await AssertOutputAsync("organisations archive --organisation acme.example", "acme.example: unchanged");
        await AssertOutputAsync("organisations list", "id\thandle\tstatus\tname", "1\tacme.example\tarchived\tacme.example",
            "2\tother.example\tactive\tother.example");

        await _service.AddOrganisationAsync(Acme.Id, Acme.Handle);
        Assert.That(ResponseRows.GetTotalTasks(await _service.SendAsync()), Is.EqualTo(1));
    }

    private static string CreateJanuaryTask(string id, string space) =>
        new NativeTask(id) { SpaceToken = space, CreatedAt = "2024-01-15T12:10:00Z" }.ToLine();

    // From the rollups of all spaces combined, and from those of each space.
    private async Task<(int All, int BySpace)> CountJanuaryTasksAsync()
    {
        var all = await _service.SendAsync(new AnalyticsRequest { Query = January });
        var bySpace = await _service.SendAsync(new AnalyticsRequest { Query = $"{January}&group_by=space" });
        return (ResponseRows.GetTotalTasks(all),
            (int)bySpace.Json["data"]!.GetRows("groups").Sum(row => row.GetNumber("call_status", "total_tasks")));
    }

    private async Task AssertOutputAsync(string arguments, params string[] lines)
    {
        var output = await _commandLine.RunAsync(arguments.Split(' '));
        Assert.That(output.ExitCode, Is.Zero, output.StandardError);
        Assert.That(output.StandardOutput.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(lines));
    }
}
