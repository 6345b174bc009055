namespace Analytics.Domain.Tests;

internal sealed class TimestampTests
{
    [TestCase("2026-11-01T10:00:00.1239999Z", "2026-11-01T10:00:00.123Z")]
    [TestCase("2026-11-01T10:00:00+05:30", "2026-11-01T04:30:00.000Z")]
    [TestCase("1969-12-31T23:59:59.9995Z", "1969-12-31T23:59:59.999Z", Description = "cut, not rounded towards zero")]
    public void Timestamp_is_truncated_to_milliseconds(string time, string expected) =>
        Assert.That(Timestamp.From(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).ToString(), Is.EqualTo(expected));
}
