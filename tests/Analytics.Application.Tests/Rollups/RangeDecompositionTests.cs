using System.Globalization;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using CsCheck;

namespace Analytics.Application.Tests.Rollups;

internal sealed class RangeDecompositionTests
{
    private const int QuarterHours = 3 * 31 * 96;
    private const long QuarterHourMilliseconds = 15 * 60 * 1000;

    private static readonly Timestamp Start = Parse("2026-01-01T00:00:00Z");

    private static readonly Granularity[][] GranularitiesOfQueries =
    [
        [.. Granularities.Combined], [.. Granularities.PerAgent], [.. Granularities.PerRun],
        [Granularity.QuarterHour, .. Granularities.PerLabel],
    ];

    [TestCaseSource(nameof(GranularitiesOfQueries))]
    public void Every_quarter_hour_in_range_is_counted_exactly_once_and_no_other(params Granularity[] granularities) =>
        Gen.Select(Gen.Int[0, QuarterHours], Gen.Int[0, QuarterHours]).Sample((one, other) =>
        {
            var (from, to) = (Math.Min(one, other), Math.Max(one, other));
            var counted = new int[QuarterHours + (31 * 96)];
            var range = new TimeRange(ToTimestamp(from), ToTimestamp(to));
            foreach (var (segment, sign) in RangeDecomposition.Decompose(range, granularities))
            {
                Assert.That(Granularities.StartOf(segment.Granularity, segment.Start), Is.EqualTo(segment.Start));
                Assert.That(Granularities.StartOf(segment.Granularity, segment.End), Is.EqualTo(segment.End));
                for (var i = ToQuarterHour(segment.Start); i < ToQuarterHour(segment.End); i++)
                {
                    counted[i] += sign;
                }
            }

            Assert.That(counted, Is.EqualTo(Enumerable.Range(0, counted.Length).Select(i => i >= from && i < to ? 1 : 0)));
        });

    [TestCase("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z", "+Day 7")]
    [TestCase("2026-03-01T18:30:00Z", "2026-03-02T18:30:00Z", "+Day 1 +QuarterHour 2 +Hour 5 -QuarterHour 2 -Hour 5")]
    [TestCase("2026-03-01T05:00:00Z", "2026-03-02T05:00:00Z", "+Day 1 -Hour 5 +Hour 5")]
    [TestCase("2026-03-01T10:15:00Z", "2026-03-01T10:45:00Z", "+QuarterHour 2")]
    public void Range_is_decomposed_into_few_rows(string from, string to, string expectedSegments) =>
        Assert.That(
            RangeDecomposition.Decompose(new TimeRange(Parse(from), Parse(to)), Granularities.Combined)
                .Select(part => $"{(part.Sign > 0 ? '+' : '-')}{part.Segment.Granularity} {CountRows(part.Segment)}"),
            Is.EquivalentTo(expectedSegments.Split(' ').Chunk(2).Select(pair => string.Join(' ', pair))));

    [Test]
    public void Unbounded_range_is_one_segment() =>
        Assert.That(
            RangeDecomposition.Decompose(TimeRange.All, Granularities.PerAgent).Select(part => part.Segment.Granularity),
            Is.EqualTo(new[] { Granularity.AgentMonth }));

    [Test]
    public void Range_before_1970_has_no_segments() =>
        Assert.That(RangeDecomposition.Decompose(new TimeRange(null, new Timestamp(-1)), Granularities.Combined), Is.Empty);

    private static long CountRows(RollupSegment segment)
    {
        var (granularity, start, end) = segment;
        var bucketWidth = Granularities.EndOf(granularity, start).UnixMilliseconds - start.UnixMilliseconds;
        return (end.UnixMilliseconds - start.UnixMilliseconds) / bucketWidth;
    }

    private static Timestamp Parse(string text) => Timestamp.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));

    private static Timestamp ToTimestamp(int quarterHour) => new(Start.UnixMilliseconds + (quarterHour * QuarterHourMilliseconds));

    private static int ToQuarterHour(Timestamp at) => (int)((at.UnixMilliseconds - Start.UnixMilliseconds) / QuarterHourMilliseconds);
}
