using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Tasks;

internal sealed class CallDurationTests
{
    [TestCase("-0.001", false)]
    [TestCase("0", true)]
    [TestCase("604800", true)]
    [TestCase("604800.001", false)]
    public void Duration_is_between_0_and_7_days(decimal seconds, bool isValid) =>
        Assert.That(CallDuration.IsValid(seconds), Is.EqualTo(isValid));

    [TestCase("61.5", 61_500)]
    [TestCase("0.0005", 1)]
    [TestCase("0.0004", 0)]
    [TestCase("0.0025", 3)]
    public void Duration_is_rounded_to_milliseconds_half_away_from_zero(decimal seconds, long expected) =>
        Assert.That(CallDuration.ToMilliseconds(seconds), Is.EqualTo(expected));
}
