using System.Globalization;
using Analytics.Domain.Metrics;

namespace Analytics.Domain.Tests.Metrics;

internal sealed class RatioTests
{
    [TestCase(30200, 419, "72.08")]
    [TestCase(2802000, 6000, "467")]
    [TestCase(1, 8, "0.13", Description = "half away from zero")]
    [TestCase(-1, 8, "-0.13")]
    [TestCase(1, 2, "0.5")]
    [TestCase(100, 1, "100")]
    [TestCase(7, 0, "0")]
    public void Ratio_is_rounded_to_two_decimals_without_trailing_zeros(long numerator, long denominator, string expected) =>
        Assert.That(Ratio.Divide(numerator, denominator).ToString(CultureInfo.InvariantCulture), Is.EqualTo(expected));

    [TestCase("150", "100", "50")]
    [TestCase("50", "100", "-50")]
    [TestCase("0", "3", "-100")]
    [TestCase("1", "0", null)]
    public void Change_is_in_percent_of_the_previous_value(decimal current, decimal previous, decimal? expected) =>
        Assert.That(Ratio.ChangePercent(current, previous), Is.EqualTo(expected));

    [TestCase(2, 15_000, 1, 15_000, "100", Description = "both are 0.01 percent when rounded")]
    [TestCase(2, 30_000, 1, 30_000, "100", Description = "both are 0 when rounded")]
    [TestCase(1, 3, 1, 3, "0")]
    [TestCase(1, 3, 1, 2, "-33.33")]
    [TestCase(0, 0, 1, 2, "-100")]
    [TestCase(1, 2, 0, 2, null)]
    [TestCase(1, 2, 0, 0, null)]
    public void Change_of_quotients_is_computed_before_rounding(
        long numerator, long denominator, long previousNumerator, long previousDenominator, decimal? expected) =>
        Assert.That(Ratio.ChangePercent((numerator, denominator), (previousNumerator, previousDenominator)), Is.EqualTo(expected));

    [TestCase(2, 3, 1, 3, "33.33")]
    [TestCase(1, 3, 2, 3, "-33.33")]
    [TestCase(1, 3, 2, 6, "0")]
    [TestCase(5, 1_000, 49, 10_000, "0.01", Description = "half away from zero")]
    [TestCase(0, 0, 1, 2, null)]
    [TestCase(1, 2, 0, 0, null)]
    public void Change_in_points_is_the_difference_of_exact_quotients(
        long numerator, long denominator, long previousNumerator, long previousDenominator, decimal? expected) =>
        Assert.That(Ratio.ChangePoints((numerator, denominator), (previousNumerator, previousDenominator)), Is.EqualTo(expected));

    [Test]
    public void Change_of_the_largest_quotients_does_not_overflow() =>
        Assert.That(Ratio.ChangePercent((2e14m, 2e9m), (1e14m, 2e9m)), Is.EqualTo(100));
}
