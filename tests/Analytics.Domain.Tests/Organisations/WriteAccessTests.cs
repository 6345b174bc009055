using Analytics.Domain.Organisations;

namespace Analytics.Domain.Tests.Organisations;

internal sealed class WriteAccessTests
{
    [TestCase("owner", true)]
    [TestCase(" Editor ", true)]
    [TestCase("viewer", false)]
    [TestCase("", false)]
    public void Owners_and_editors_may_write(string role, bool isGranted) =>
        Assert.That(WriteAccess.IsGranted(role, ["tasks:read"]), Is.EqualTo(isGranted));

    [TestCase("tasks:write", true)]
    [TestCase("Tasks:Write", false)]
    [TestCase("tasks:write2", false)]
    public void Any_role_may_write_with_the_scope(string scope, bool isGranted) =>
        Assert.That(WriteAccess.IsGranted("viewer", ["openid", scope]), Is.EqualTo(isGranted));
}
