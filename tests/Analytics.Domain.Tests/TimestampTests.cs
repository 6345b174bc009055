using System.Globalization;

namespace Analytics.Domain.Tests;

internal sealed class TimestampTests
{
    [TestCase("2026-11-01T10:00:00.1239999Z", "2026-11-01T10:00:00.123Z")]
    [TestCase("2026-11-01T10:00:00+05:30", "2026-11-01T04:30:00.000Z")]
    [TestCase("1969-12-31T23:59:59.9995Z", "1969-12-31T23:59:59.999Z", Description = "rounded down, not towards zero")]
    public void Timestamp_is_truncated_to_milliseconds(string time, string expected) =>
        Assert.That(Timestamp.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)).ToString(), Is.EqualTo(expected));

    [Test]
    public void Timestamps_are_compared_and_shifted_by_their_milliseconds()
    {
        var (earlier, later) = (new Timestamp(1_000), new Timestamp(3_000));
        Assert.That(earlier + TimeSpan.FromSeconds(2), Is.EqualTo(later));
        Assert.That(later - TimeSpan.FromSeconds(2), Is.EqualTo(earlier));
        Assert.That((earlier < later, later < earlier, earlier < new Timestamp(1_000)), Is.EqualTo((true, false, false)));
        Assert.That((later > earlier, earlier > later, earlier > new Timestamp(1_000)), Is.EqualTo((true, false, false)));
        Assert.That((earlier <= later, later <= earlier, earlier <= new Timestamp(1_000)), Is.EqualTo((true, false, true)));
        Assert.That((later >= earlier, earlier >= later, earlier >= new Timestamp(1_000)), Is.EqualTo((true, false, true)));
    }
}
