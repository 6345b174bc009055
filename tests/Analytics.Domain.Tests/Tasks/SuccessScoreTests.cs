using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Tasks;

internal sealed class SuccessScoreTests
{
    [TestCase("467", 46_700)]
    [TestCase("0.005", 1)]
    [TestCase("0.004", 0)]
    [TestCase("0.025", 3)]
    public void Score_is_rounded_to_hundredths_half_away_from_zero(decimal score, int expected) =>
        Assert.That(SuccessScore.ToHundredths(score), Is.EqualTo(expected));
}
