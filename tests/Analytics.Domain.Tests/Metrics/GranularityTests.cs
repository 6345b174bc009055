using System.Globalization;
using Analytics.Domain.Metrics;

namespace Analytics.Domain.Tests.Metrics;

internal sealed class GranularityTests
{
    [TestCase(Granularity.QuarterHour, "2026-02-28T23:45:00.000Z", "2026-03-01T00:00:00.000Z")]
    [TestCase(Granularity.Hour, "2026-02-28T23:00:00.000Z", "2026-03-01T00:00:00.000Z")]
    [TestCase(Granularity.Day, "2026-02-28T00:00:00.000Z", "2026-03-01T00:00:00.000Z")]
    [TestCase(Granularity.RunQuarterHour, "2026-02-28T23:45:00.000Z", "2026-03-01T00:00:00.000Z")]
    [TestCase(Granularity.AgentDay, "2026-02-28T00:00:00.000Z", "2026-03-01T00:00:00.000Z")]
    [TestCase(Granularity.AgentMonth, "2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z")]
    public void Bucket_contains_its_start_and_not_its_end(Granularity granularity, string expectedStart, string expectedEnd)
    {
        foreach (var time in new[] { expectedStart, "2026-02-28T23:45:00Z", "2026-02-28T23:59:59.999Z" })
        {
            Assert.That(Granularities.StartOf(granularity, Parse(time)).ToString(), Is.EqualTo(expectedStart));
            Assert.That(Granularities.EndOf(granularity, Parse(time)).ToString(), Is.EqualTo(expectedEnd));
        }

        Assert.That(Granularities.StartOf(granularity, Parse(expectedEnd)).ToString(), Is.EqualTo(expectedEnd));
    }

    [Test]
    public void Bucket_before_1970_starts_before_its_times() =>
        Assert.That(Granularities.StartOf(Granularity.Hour, new Timestamp(-1)), Is.EqualTo(new Timestamp(-3_600_000)));

    private static Timestamp Parse(string time) => Timestamp.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
}
