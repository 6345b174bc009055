using Analytics.Application.Reporting.Parsing;
using CsCheck;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class CacheKeyTests
{
    private static readonly string[] DistinctQueries =
    [
        "",
        "date_range=today",
        "date_range=today&timezone=Asia/Kolkata",
        "date_range=yesterday",
        "end_date=2026-11-01",
        "space_token=a",
        "space_token=b",
        "agent=",
        "agent=a",
        "agent=a&agent=b",
        "agent=a%22,%22b",
        "agent=a,b",
        "direction=",
        "direction=inbound",
        "direction=outbound",
        "date_range=7d",
        "date_range=7d&interval=hour",
        "date_range=7d&interval=day",
        "date_range=7d&interval=day&fill=none",
        "date_range=7d&interval=week",
        "start_date=2026-10-25T00:00Z&end_date=2026-11-01T00:00Z&interval=day&timezone=Asia/Kolkata",
        "start_date=2027-01-01&end_date=2027-01-31&interval=day",
        "start_date=2027-01-01&end_date=2027-01-31&interval=week",
        "group_by=space",
        "group_by=agent",
        "group_by=agent,space",
        "group_by=space,agent",
        "group_by=agent&limit=7",
        "date_range=7d&interval=day&group_by=agent",
        "date_range=7d&compare=previous_period",
        "date_range=7d&compare=previous_year",
        "start_date=2026-11-01&end_date=2026-11-30&compare=previous_period&interval=day",
        "date_range=month&compare=previous_period&interval=day",
        "start_date=2026-10-25T00:00Z&end_date=2026-11-01T00:00Z&compare=previous_period&timezone=Asia/Kolkata",
        "include=meta",
        "start_date=2026-11-01&end_date=2026-11-30&include=meta",
        "date_range=month&include=meta",
        "start_date=2026-11-01T00:00Z&end_date=2026-12-01T00:00Z&include=meta",
        "include=components",
        "include=reconciliation",
        "include=reconciliation,components",
        "include=meta&timezone=Asia/Kolkata",
        "include=meta&x=1",
        "include=meta&x=1&y=1",
    ];

    [Test]
    public void Cache_key_differs_for_different_responses() =>
        Assert.That(DistinctQueries.Select(query => TestQuery.ParsePlan(query).CacheKey), Is.Unique);

    [TestCase("", "date_range=all")]
    [TestCase("", "x=1")]
    [TestCase("", "timezone=Asia/Kolkata")]
    [TestCase("", "fill=none&limit=7&space_token=&include=")]
    [TestCase("", "format=csv")]
    [TestCase("date_range=today", "start_date=2026-11-01&end_date=2026-11-01")]
    [TestCase("date_range=7d", "start_date=2026-10-25T00:00Z&end_date=2026-11-01T05:30%2B05:30&timezone=Asia/Kolkata")]
    [TestCase("date_range=7d&interval=day", "interval=day&fill=zero&date_range=7d&limit=7")]
    [TestCase("group_by=agent", "group_by=agent&limit=100&fill=none")]
    [TestCase("agent=a&agent=b", "agent=%20b&agent=a&agent=a")]
    [TestCase("include=components,meta", "include=meta,components,meta")]
    [TestCase("include=meta&x=1&y=1", "y=1&include=meta&x=2&x=3")]
    public void Cache_key_is_equal_for_equal_responses(string query, string other) =>
        Assert.That(TestQuery.ParsePlan(query).CacheKey, Is.EqualTo(TestQuery.ParsePlan(other).CacheKey));

    [Test]
    public void Cache_key_is_stable_within_a_quarter_hour() =>
        Gen.Select(Gen.OneOf(DistinctQueries), ReferenceClock.Times, Gen.Int[0, 899_999]).Sample((query, quarterHour, milliseconds) =>
        Assert.That(
            TestQuery.ParsePlan(query, (quarterHour + TimeSpan.FromMilliseconds(milliseconds)).ToString()).CacheKey,
            Is.EqualTo(TestQuery.ParsePlan(query, quarterHour.ToString()).CacheKey)), iter: 1_000);

    [TestCase("date_range=today", "2026-11-01T23:59:59.999Z", "2026-11-02T00:00:00Z")]
    [TestCase("date_range=month", "2026-10-31T23:59:59.999Z", "2026-11-01T00:00:00Z")]
    [TestCase("start_date=2026-01-01", "2026-11-01T23:59:59.999Z", "2026-11-02T00:00:00Z")]
    [TestCase("date_range=today&timezone=Asia/Kolkata", "2026-11-01T18:29:59.999Z", "2026-11-01T18:30:00Z")]
    [TestCase("date_range=24h", "2026-11-01T12:14:59.999Z", "2026-11-01T12:15:00Z")]
    [TestCase("start_date=2026-01-01&end_date=2026-01-31&include=meta", "2026-11-01T12:14:59.999Z", "2026-11-01T12:15:00Z")]
    [TestCase("date_range=month&compare=previous_year", "2026-11-01T12:14:59.999Z", "2026-11-01T12:15:00Z")]
    [TestCase("date_range=month&compare=previous_period", "2026-03-31T12:14:59.999Z", "2026-03-31T12:15:00Z")]
    [TestCase("date_range=today&interval=hour", "2026-11-01T12:59:59.999Z", "2026-11-01T13:00:00Z")]
    [TestCase("start_date=2026-11-01&end_date=2026-11-30&interval=week", "2026-11-01T23:59:59.999Z", "2026-11-02T00:00:00Z")]
    [TestCase("start_date=2026-11-01&end_date=2026-11-30&interval=week", "2026-10-31T23:59:59.999Z", "2026-11-01T00:00:00Z")]
    [TestCase("start_date=2026-11-08&end_date=2026-11-14&interval=day&compare=previous_period", "2026-11-01T23:59:59.999Z",
        "2026-11-02T00:00:00Z")]
    public void Cache_key_changes_when_a_window_or_bucket_boundary_is_passed(string query, string before, string after) =>
        Assert.That(TestQuery.ParsePlan(query, before).CacheKey, Is.Not.EqualTo(TestQuery.ParsePlan(query, after).CacheKey));

    [TestCase("date_range=today", "2026-11-01T00:00:00Z", "2026-11-01T23:59:59.999Z")]
    [TestCase("date_range=today&interval=hour", "2026-11-01T13:00:00Z", "2026-11-01T13:59:59.999Z")]
    [TestCase("date_range=7d&interval=hour&compare=previous_period", "2026-11-01T00:00:00Z", "2026-11-01T23:59:59.999Z")]
    [TestCase("start_date=2026-01-01&end_date=2026-01-31&interval=day&compare=previous_year", "2026-11-01T00:00:00Z",
        "2027-11-01T00:00:00Z")]
    public void Cache_key_is_stable_while_no_boundary_is_passed(string query, string before, string after) =>
        Assert.That(TestQuery.ParsePlan(query, before).CacheKey, Is.EqualTo(TestQuery.ParsePlan(query, after).CacheKey));

    [Test]
    public void Cache_key_of_fixed_series_changes_exactly_when_a_bucket_changes_its_state() =>
        Gen.Select(ReferenceClock.Zones, ReferenceClock.Times, Gen.Int[-10, 200], Gen.Int[-10, 200]).Sample((zone, from, one, other) =>
    {
        AnalyticsQueryPlan ParsePlanAt(int quarterHours) => TestQuery.ParsePlan(
            $"start_date={from}&end_date={from + TimeSpan.FromDays(2)}&timezone={zone}&interval=hour",
            (from + (TimeSpan.FromMinutes(15) * quarterHours)).ToString());
        BucketState[] GetStates(AnalyticsQueryPlan plan) => [.. plan.Buckets.Select(bucket => bucket.State)];

        Assert.That(ParsePlanAt(one).CacheKey == ParsePlanAt(other).CacheKey,
            Is.EqualTo(GetStates(ParsePlanAt(one)).SequenceEqual(GetStates(ParsePlanAt(other)))));
    }, iter: 500);
}
