using Analytics.Domain.Organisations;

namespace Analytics.Domain.Tests.Organisations;

internal sealed class HandleTests
{
    [TestCase("recalll.co", true)]
    [TestCase(" Recalll_1-x.co ", true)]
    [TestCase("", false)]
    [TestCase("  ", false)]
    [TestCase("a b", false)]
    [TestCase("a/b", false)]
    [TestCase("ä.de", false)]
    public void Handle_has_only_allowed_characters(string handle, bool isValid) => Assert.That(Handle.IsValid(handle), Is.EqualTo(isValid));

    [TestCase(99, true)]
    [TestCase(100, false)]
    public void Handle_has_at_most_99_characters(int length, bool isValid) =>
        Assert.That(Handle.IsValid(new string('x', length)), Is.EqualTo(isValid));

    [Test]
    public void Handle_is_trimmed_and_lower_cased() => Assert.That(Handle.Normalize(" Recalll.CO "), Is.EqualTo("recalll.co"));
}
