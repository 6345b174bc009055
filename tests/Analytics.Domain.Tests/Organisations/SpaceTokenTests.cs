using Analytics.Domain.Organisations;

namespace Analytics.Domain.Tests.Organisations;

internal sealed class SpaceTokenTests
{
    [TestCase("a", true)]
    [TestCase("Ab1", true)]
    [TestCase("", false)]
    [TestCase("a-b", false)]
    [TestCase("a ", false)]
    [TestCase("ä", false)]
    public void Space_token_is_ASCII_letters_and_digits(string token, bool isValid) =>
        Assert.That(SpaceToken.IsValid(token), Is.EqualTo(isValid));

    [TestCase(30, true)]
    [TestCase(31, false)]
    public void Space_token_has_at_most_30_characters(int length, bool isValid) =>
        Assert.That(SpaceToken.IsValid(new string('x', length)), Is.EqualTo(isValid));
}
