using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.FunctionalTests.Support;
using CsCheck;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class BucketTests
{
    private static readonly Gen<(Interval Interval, Timestamp From, Timestamp To, string Zone, Timestamp Now)> SeriesGenerator =
        from interval in Gen.Enum<Interval>()
        from @from in ReferenceClock.Times
        from quarters in Gen.Int[1, interval switch { Interval.Hour => 4 * 24 * 34, Interval.Day => 4 * 24 * 365, _ => 4 * 24 * 600 }]
        from zone in ReferenceClock.Zones
        from past in Gen.Int[-100, quarters + 100]
        select (interval, @from, @from + (TimeSpan.FromMinutes(15) * quarters), zone, @from + (TimeSpan.FromMinutes(15) * past));

    [Test]
    public void Bucket_starts_match_the_reference_clock() => SeriesGenerator.Sample(series =>
    {
        var buckets = ParsePlan(series.Interval, series.From, series.To, series.Zone, series.Now).Buckets;
        Assert.That(buckets.Skip(1).Select(bucket => bucket.From),
            Is.EqualTo(ReferenceClock.GetBucketStarts(series.Interval, series.From, series.To, series.Zone)));
    }, iter: TestDepth.Select(80, 300));

    [Test]
    public void Buckets_cover_the_window_without_gaps_or_overlaps() => SeriesGenerator.Sample(series =>
    {
        var buckets = ParsePlan(series.Interval, series.From, series.To, series.Zone, series.Now).Buckets;
        Assert.That(buckets[0].From, Is.EqualTo(series.From));
        Assert.That(buckets[^1].To, Is.EqualTo(series.To));
        Assert.That(buckets.Skip(1).Select(bucket => bucket.From), Is.EqualTo(buckets.SkipLast(1).Select(bucket => bucket.To)));
        Assert.That(buckets, Has.All.Matches<Bucket>(bucket => bucket.From < bucket.To));
        Assert.That(buckets.Sum(bucket => bucket.Hours),
            Is.EqualTo((series.To.UnixMilliseconds - series.From.UnixMilliseconds) / 3_600_000m));
    }, iter: TestDepth.Select(300, 1_000));

    [Test]
    public void Every_local_day_that_occurs_has_one_bucket() =>
        Gen.Select(ReferenceClock.Zones, ReferenceClock.Times, Gen.Int[1, 365]).Sample((zone, from, days) =>
    {
        var to = from + TimeSpan.FromDays(days);
        var dates = ReferenceClock.GetQuarterHours(from, to).Select(mark => ReferenceClock.ToLocalDate(mark, zone)).Distinct();
        Assert.That(ParsePlan(Interval.Day, from, to, zone, from).Buckets.Select(bucket => ReferenceClock.ToLocalDate(bucket.From, zone)),
            Is.EqualTo(dates));
    }, iter: TestDepth.Select(30, 100));

    [Test]
    public void Bucket_is_complete_once_it_ends_by_the_current_quarter_hour() => SeriesGenerator.Sample(series =>
        Assert.That(
            ParsePlan(series.Interval, series.From, series.To, series.Zone, series.Now).Buckets,
            Has.All.Matches<Bucket>(bucket => bucket.IsComplete == (bucket.To <= series.Now))), iter: TestDepth.Select(300, 1_000));

    [TestCase("2026-11-01", "America/New_York", 25, new[] { 1.0 })]
    [TestCase("2026-03-08", "America/New_York", 23, new[] { 1.0 })]
    [TestCase("2026-04-05", "Australia/Lord_Howe", 24, new[] { 1.0, 1.5 })]
    [TestCase("2026-10-04", "Australia/Lord_Howe", 23, new[] { 1.0, 1.5 })]
    [TestCase("2026-10-04", "Asia/Kathmandu", 24, new[] { 1.0 })]
    [TestCase("2010-11-07", "America/St_Johns", 25, new[] { 1.0 })]
    public void Hour_buckets_start_at_each_local_full_hour_that_occurs(string day, string zone, int count, double[] lengths)
    {
        var buckets = TestQuery.ParsePlan($"start_date={day}&end_date={day}&timezone={zone}&interval=hour").Buckets;
        Assert.That(buckets, Has.Count.EqualTo(count));
        Assert.That(buckets.Select(bucket => (double)bucket.Hours).Distinct(), Is.EquivalentTo(lengths));
    }

    [TestCase("2026-04-05", "Australia/Lord_Howe", 24.5)]
    [TestCase("2026-10-04", "Australia/Lord_Howe", 23.5)]
    [TestCase("2026-11-01", "America/New_York", 25)]
    [TestCase("2026-03-08", "America/New_York", 23)]
    [TestCase("2024-02-29", "UTC", 24)]
    [TestCase("2010-11-06", "America/St_Johns", 24)]
    [TestCase("2010-11-07", "America/St_Johns", 25)]
    public void Day_bucket_length_follows_clock_changes(string day, string zone, double hours)
    {
        var buckets = TestQuery.ParsePlan($"start_date={day}&end_date={day}&timezone={zone}&interval=day").Buckets;
        Assert.That(buckets.Select(bucket => (double)bucket.Hours), Is.EqualTo(new[] { hours }));
    }

    [Test]
    public void Skipped_local_day_has_no_bucket()
    {
        var buckets = TestQuery.ParsePlan("start_date=2011-12-29&end_date=2011-12-31&timezone=Pacific/Apia&interval=day").Buckets;
        Assert.That(buckets.Select(bucket => TestQuery.Format(bucket.From)),
            Is.EqualTo(new[] { "2011-12-29T10:00Z", "2011-12-30T10:00Z" }));
    }

    [Test]
    public void Week_buckets_start_on_Monday_and_are_cut_at_the_window()
    {
        var buckets = TestQuery.ParsePlan("start_date=2026-10-01&end_date=2026-10-15&interval=week").Buckets;
        Assert.That(
            buckets.Select(bucket => TestQuery.Format(new TimeRange(bucket.From, bucket.To))),
            Is.EqualTo(new[] { "2026-10-01/2026-10-05", "2026-10-05/2026-10-12", "2026-10-12/2026-10-16" }));
    }

    [Test]
    public void Future_buckets_are_returned_as_incomplete() =>
        Assert.That(TestQuery.ParsePlan("date_range=year&interval=month").Buckets.Select(bucket => bucket.IsComplete),
            Is.EqualTo(Enumerable.Range(1, 12).Select(month => month < 11)));

    [TestCase("start_date=2025-01-01&end_date=2026-01-01&interval=day")]
    [TestCase("start_date=2026-01-01&end_date=2026-02-04&interval=hour")]
    [TestCase("start_date=2016-01-01&end_date=2025-12-31&interval=week")]
    [TestCase("start_date=2016-01-01&end_date=2025-12-31&interval=month")]
    [TestCase("start_date=2025-01-01T00:00Z&end_date=2026-01-02T00:00Z&interval=day")]
    [TestCase("start_date=2025-09-05&end_date=2026-09-05&timezone=America/Santiago&interval=day")]
    [TestCase("start_date=9998-12-30&end_date=9998-12-31&interval=month")]
    [TestCase("start_date=9998-12-31T23:45-14:00&end_date=9998-12-31T23:45-18:00&interval=hour&timezone=Pacific/Kiritimati")]
    public void Series_within_the_range_limit_is_accepted(string query) => Assert.That(TestQuery.ParsePlan(query).Buckets, Is.Not.Empty);

    [TestCase("start_date=2025-01-01&end_date=2026-01-02&interval=day", "interval day allows a range of at most 366 days.")]
    [TestCase("start_date=2026-01-01&end_date=2026-02-05&interval=hour", "interval hour allows a range of at most 35 days.")]
    [TestCase("start_date=2016-01-01&end_date=2026-01-01&interval=week", "interval week allows a range of at most 10 years.")]
    [TestCase("start_date=2016-01-01&end_date=2026-01-01&interval=month", "interval month allows a range of at most 10 years.")]
    [TestCase("start_date=2025-01-01T00:00Z&end_date=2026-01-02T00:15Z&interval=day", "interval day allows a range of at most 366 days.")]
    [TestCase("start_date=9998-01-01&end_date=9998-12-31&interval=hour", "interval hour allows a range of at most 35 days.")]
    public void Series_over_the_range_limit_is_rejected_with_the_limit(string query, string message) =>
        Assert.That(TestQuery.ParseErrors(query), Is.EqualTo(new[] { ("interval", message) }));

    private static AnalyticsQueryPlan ParsePlan(Interval interval, Timestamp from, Timestamp to, string zone, Timestamp now) =>
        TestQuery.ParsePlan(
            $"start_date={from}&end_date={to}&timezone={zone}&interval={interval.ToString().ToLowerInvariant()}", now.ToString());
}
