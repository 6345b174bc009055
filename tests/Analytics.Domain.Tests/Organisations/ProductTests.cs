using Analytics.Domain.Organisations;

namespace Analytics.Domain.Tests.Organisations;

internal sealed class ProductTests
{
    [TestCase("unpod.dev", true)]
    [TestCase("", false)]
    [TestCase(" unpod.dev", false)]
    public void Product_is_not_trimmed(string product, bool isValid) => Assert.That(Product.IsValid(product), Is.EqualTo(isValid));

    [TestCase(100, true)]
    [TestCase(101, false)]
    public void Product_has_at_most_100_characters(int length, bool isValid) =>
        Assert.That(Product.IsValid(new string('x', length)), Is.EqualTo(isValid));
}
