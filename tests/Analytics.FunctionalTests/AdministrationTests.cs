using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>The operator puts members, spaces and organisations in and away while the service runs: the next answer follows.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class AdministrationTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31";
    private const string Support = "SUPPORT";
    private static readonly Question NonMemberRequest = new() { Authorization = Tokens.Jwt(8) };

    private AnalyticsService _service = null!;
    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartAsync(engine);
        _commandLine = new CommandLine(_service.Database);
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Membership_change_applies_to_the_next_request()
    {
        Assert.That(await _service.AskAsync(NonMemberRequest), Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Organization not found."));

        await AssertOutputAsync("members add --organisation ACME.example --user 8", "acme.example: member 8 added");
        var memberReply = await _service.AskAsync(NonMemberRequest);
        Assert.That(memberReply.Status, Is.EqualTo(200));

        await AssertOutputAsync("members add --organisation acme.example --user 8", "acme.example: member 8 unchanged");
        await AssertOutputAsync("members add --organisation acme.example --user 8 --role viewer", "acme.example: member 8 unchanged");
        Assert.That((await _service.AskAsync(NonMemberRequest))["ETag"], Is.EqualTo(memberReply["ETag"]));

        await AssertOutputAsync("members remove --organisation acme.example --user 8", "acme.example: member 8 removed");
        Assert.That(await _service.AskAsync(NonMemberRequest), Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Organization not found."));
        await AssertOutputAsync("members remove --organisation acme.example --user 8", "acme.example: member 8 unchanged");
        Assert.That((await _service.AskAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Adding_existing_member_without_role_keeps_its_role()
    {
        await AssertOutputAsync("members add --organisation acme.example --user 8 --role editor", "acme.example: member 8 added");
        await AssertOutputAsync("members add --organisation acme.example --user 8", "acme.example: member 8 unchanged");
        await AssertOutputAsync("members add --organisation acme.example --user 7 --role owner", "acme.example: member 7 changed");
        await AssertOutputAsync("members add --organisation acme.example --user 6", "acme.example: member 6 added");
        await AssertOutputAsync("members list --organisation acme.example", "user_id\trole", "6\tviewer", "7\towner", "8\teditor", "9\teditor");
    }

    [Test]
    public async Task Role_change_applies_to_the_next_push()
    {
        var push = Push.Of(new NativeTask("pushed")) with { Authorization = Tokens.Jwt(8) };
        foreach (var (role, status) in new[] { ("editor", 200), ("viewer", 403), ("owner", 200) })
        {
            Assert.That((await _commandLine.RunAsync(["members", "add", "--organisation", Acme.Handle, "--user", "8", "--role", role])).ExitCode, Is.Zero);
            Assert.That((await _service.PushAsync(push)).Status, Is.EqualTo(status), role);
        }

        await AssertOutputAsync("members remove --organisation acme.example --user 8", "acme.example: member 8 removed");
        Assert.That((await _service.PushAsync(push)).Status, Is.EqualTo(404));
    }

    [TestCase("", 403), TestCase("--scope tasks:read", 403), TestCase("--scope tasks:write", 200)]
    public async Task Viewer_can_push_only_with_write_scope(string scope, int status)
    {
        var token = await _commandLine.RunAsync($"token --user {Acme.Member} {scope}".Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That((await _service.PushAsync(Push.Of(new NativeTask("pushed")) with { Authorization = $"jwt {token.Text.Trim()}" })).Status, Is.EqualTo(status), token.Errors);
    }

    [Test]
    public async Task Archived_space_returns_404_and_is_not_counted_until_reactivated_by_import()
    {
        await _service.HasSpaceAsync(Acme.Id, 12, Support);
        await _service.HasTasksAsync(Acme.Id, [CreateJanuaryTask("s", Acme.Sales), CreateJanuaryTask("a", Support), CreateJanuaryTask("b", Support)], (Acme.SalesId, Acme.Sales), (12, Support));
        Assert.That(await CountJanuaryTasksAsync(), Is.EqualTo((3, 3)));

        await AssertOutputAsync("spaces archive --organisation acme.example --space SUPPORT", "acme.example: space SUPPORT archived");
        Assert.That(await CountJanuaryTasksAsync(), Is.EqualTo((1, 1)));
        Assert.That(AnswerRows.Tasks(await _service.AskAsync()), Is.EqualTo(2));
        foreach (var query in new[] { "space_token=SUPPORT", $"space_token=SUPPORT&{January}" })
        {
            Assert.That(await _service.AskAsync(new Question { Query = query }), Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Space not found."));
        }

        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
        await AssertOutputAsync("spaces archive --organisation acme.example --space SUPPORT", "acme.example: space SUPPORT unchanged");
        await AssertOutputAsync("spaces list --organisation acme.example", "id\ttoken\tcontent_type\tstatus\tname", "11\tSALES\tcontact\tactive\tSALES", "12\tSUPPORT\tcontact\tarchived\tSUPPORT");

        await _service.HasSpaceAsync(Acme.Id, 12, Support);
        Assert.That(await CountJanuaryTasksAsync(), Is.EqualTo((3, 3)));
    }

    [Test]
    public async Task Archived_organisation_returns_404_until_reactivated_by_import()
    {
        await _service.HasOrganisationAsync(2, "other.example");
        await AssertOutputAsync("organisations archive --organisation acme.example", "acme.example: archived");
        Assert.That(await _service.AskAsync(), Has.Property("Status").EqualTo(404).And.Property("Message").EqualTo("Organization not found."));

        await AssertOutputAsync("organisations archive --organisation acme.example", "acme.example: unchanged");
        await AssertOutputAsync("organisations list", "id\thandle\tstatus\tname", "1\tacme.example\tarchived\tacme.example", "2\tother.example\tactive\tother.example");

        await _service.HasOrganisationAsync(Acme.Id, Acme.Handle);
        Assert.That(AnswerRows.Tasks(await _service.AskAsync()), Is.EqualTo(1));
    }

    private static string CreateJanuaryTask(string id, string space) => new NativeTask(id) { SpaceToken = space, CreatedAt = "2024-01-15T12:10:00Z" }.ToLine();

    /// <summary>As the range of all spaces together says, and as each space by itself.</summary>
    private async Task<(int All, int BySpace)> CountJanuaryTasksAsync()
    {
        var all = await _service.AskAsync(new Question { Query = January });
        var bySpace = await _service.AskAsync(new Question { Query = $"{January}&group_by=space" });
        return (AnswerRows.Tasks(all), (int)bySpace.Json["data"]!.Rows("groups").Sum(row => row.Number("call_status", "total_tasks")));
    }

    private async Task AssertOutputAsync(string arguments, params string[] lines)
    {
        var output = await _commandLine.RunAsync(arguments.Split(' '));
        Assert.That(output.ExitCode, Is.Zero, output.Errors);
        Assert.That(output.Text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(lines));
    }
}
