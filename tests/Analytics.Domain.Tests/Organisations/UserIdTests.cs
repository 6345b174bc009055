using Analytics.Domain.Organisations;

namespace Analytics.Domain.Tests.Organisations;

internal sealed class UserIdTests
{
    [TestCase("7", true)]
    [TestCase("user@example.com \U0001F600", true)]
    [TestCase("", false)]
    [TestCase("a\nb", false)]
    [TestCase("a\u007F", false)]
    public void User_id_has_no_control_characters(string userId, bool isValid) => Assert.That(UserId.IsValid(userId), Is.EqualTo(isValid));

    [Test]
    public void User_id_with_unpaired_surrogate_is_invalid() => Assert.That(UserId.IsValid("a\uD800"), Is.False);

    [TestCase(128, true)]
    [TestCase(129, false)]
    public void User_id_has_at_most_128_characters(int length, bool isValid) =>
        Assert.That(UserId.IsValid(new string('x', length)), Is.EqualTo(isValid));
}
