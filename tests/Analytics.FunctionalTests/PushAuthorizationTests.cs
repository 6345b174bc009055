using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>Only members may write, and only if their role or token permits it.</summary>
internal sealed class PushAuthorizationTests : AcmeFixture
{
    private const string Viewer = Acme.MemberUserId;

    [TestCase("owner", null, 200), TestCase("editor", null, 200), TestCase(" Owner ", null, 200), TestCase("EDITOR", null, 200)]
    [TestCase("viewer", null, 403), TestCase("", null, 403), TestCase("co-owner", null, 403), TestCase("owner,editor", null, 403)]
    [TestCase("viewer", "tasks:write", 200), TestCase("viewer", "openid  tasks:write profile", 200), TestCase("owner", "tasks:read", 200)]
    [TestCase("viewer", "tasks:Write", 403), TestCase("viewer", "tasks:write:all", 403), TestCase("viewer", "tasks:write,tasks:read", 403),
        TestCase("viewer", "", 403)]
    public async Task Push_requires_a_write_role_or_the_write_scope(string role, string? scope, int status)
    {
        var user = $"member {Guid.NewGuid():N}";
        await Service.AddMemberAsync(Acme.Id, user, role);

        var reply = await Service.PushAsync(
            PushRequest.Create(new NativeTask(user)) with { Authorization = CreateAuthorization(user, scope) });

        Assert.That(reply.Status, Is.EqualTo(status), reply.Body);
        Assert.That(reply.Message, Is.EqualTo(status == 200 ? "Tasks written successfully" : "You may not write to this organization."));
    }

    private static IEnumerable<object> NonStringScopes => [new[] { "tasks:write" }, 1, true, new { tasks = "write" }];

    [TestCaseSource(nameof(NonStringScopes))]
    public async Task Non_string_scope_returns_403(object scope)
    {
        var token = Tokens.Sign(Tokens.CreateClaims(("user_id", Viewer), ("scope", scope)));

        Assert.That((await Service.PushAsync(PushRequest.Create(new NativeTask("a")) with { Authorization = $"jwt {token}" })).Status,
            Is.EqualTo(403));
    }

    [TestCase(null), TestCase("tasks:write")]
    public async Task Non_member_gets_the_same_404_as_for_an_unknown_organisation(string? scope)
    {
        var push = PushRequest.Create(new NativeTask("a")) with {
            Authorization = CreateAuthorization("non-member", scope), Headers = [("X-Request-Id", "one")] };

        var foreign = await Service.PushAsync(push);
        var unknown = await Service.PushAsync(push with { Handle = "nobody.example" });

        Assert.That((foreign.Status, foreign.Message), Is.EqualTo((404, "Organization not found.")));
        Assert.That((foreign.Status, foreign.Body, foreign.StableHeaders),
            Is.EqualTo((unknown.Status, unknown.Body, unknown.StableHeaders)));
    }

    [Test]
    public async Task Scope_and_caller_claims_do_not_identify_a_user()
    {
        var token = Tokens.Sign(Tokens.CreateClaims(("scope", $"caller {Viewer}"), ("caller", Viewer)));

        Assert.That((await Service.PushAsync(PushRequest.Create(new NativeTask("a")) with { Authorization = $"jwt {token}" })).Status,
            Is.EqualTo(401));
    }

    [Test]
    public async Task Push_without_write_access_changes_nothing()
    {
        var before = await Service.SendAsync();

        var viewer = await Service.PushAsync(
            PushRequest.Create(new NativeTask("first") { Status = "failed" }) with { Authorization = Tokens.CreateAuthorization(Viewer) });
        var nonMember = await Service.PushAsync(PushRequest.Create(new NativeTask("first") { Status = "failed" }) with {
            Authorization = Tokens.CreateAuthorization("non-member") });

        Assert.That((viewer.Status, nonMember.Status), Is.EqualTo((403, 404)));
        Assert.That((await Service.SendAsync())["ETag"], Is.EqualTo(before["ETag"]));
    }

    [Test]
    public async Task Foreign_space_is_rejected_like_an_unknown_one()
    {
        await Service.AddOrganisationAsync(2, "beta.example");
        await Service.AddSpaceAsync(2, 21, "BETA");

        var reply = await Service.PushAsync(new NativeTask("a") { SpaceToken = "BETA" }, new NativeTask("a") { SpaceToken = "NOWHERE" });

        Assert.That(reply.GetErrors().Select(error => error.Message).Distinct(StringComparer.Ordinal),
            Is.EqualTo(["space_token names no space of the organisation: import the space first."]));
        Assert.That(reply.GetCounts().Rejected, Is.EqualTo(2));
    }

    private static string CreateAuthorization(string user, string? scope) =>
        $"jwt {Tokens.Sign(Tokens.CreateClaims([("user_id", user), .. scope is null ? Array.Empty<(string, object)>() : [("scope", scope)]]))}";
}
