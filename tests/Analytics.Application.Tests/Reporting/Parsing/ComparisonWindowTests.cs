using CsCheck;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class ComparisonWindowTests
{
    private const string InNewYork = "&timezone=America/New_York";

    [TestCase("previous_period&date_range=today", TestQuery.Noon, "2026-10-31/2026-10-31T12:15Z", "2026-11-01/2026-11-01T12:15Z")]
    [TestCase("previous_period&date_range=yesterday", TestQuery.Noon, "2026-10-30/2026-10-31", "2026-10-31/2026-11-01")]
    [TestCase("previous_period&date_range=7d", TestQuery.Noon, "2026-10-18/2026-10-25", "2026-10-25/2026-11-01")]
    [TestCase("previous_period&date_range=24h", TestQuery.Noon, "2026-10-30T12:15Z/2026-10-31T12:15Z",
        "2026-10-31T12:15Z/2026-11-01T12:15Z")]
    [TestCase("previous_period&date_range=week", "2026-10-28T12:07:00Z", "2026-10-19/2026-10-21T12:15Z", "2026-10-26/2026-10-28T12:15Z")]
    [TestCase("previous_year&date_range=week", "2026-10-28T12:07:00Z", "2025-10-26/2025-10-28T12:15Z", "2026-10-26/2026-10-28T12:15Z")]
    [TestCase("previous_period&date_range=month", TestQuery.Noon, "2026-10-01/2026-10-01T12:15Z", "2026-11-01/2026-11-01T12:15Z")]
    [TestCase("previous_period&date_range=month", "2026-03-31T20:00:00Z", "2026-02-01/2026-03-01", "2026-03-01/2026-03-31T20:15Z")]
    [TestCase("previous_period&date_range=month", "2026-03-31T23:59:59Z", "2026-02-01/2026-03-01", "2026-03-01/2026-04-01")]
    [TestCase("previous_period&date_range=6mo", TestQuery.Noon, "2025-11-01/2026-05-01", "2026-05-01/2026-11-01")]
    [TestCase("previous_period&date_range=12mo", TestQuery.Noon, "2024-11-01/2025-11-01", "2025-11-01/2026-11-01")]
    [TestCase("previous_period&date_range=year", "2026-01-10T00:00:00Z", "2025-01-01/2025-01-10T00:15Z", "2026-01-01/2026-01-10T00:15Z")]
    [TestCase("previous_period&start_date=2026-03-01&end_date=2026-03-31", TestQuery.Noon, "2026-01-29/2026-03-01",
        "2026-03-01/2026-04-01")]
    [TestCase("previous_period&start_date=2027-03-01&end_date=2027-03-31", TestQuery.Noon, "2027-01-29/2027-03-01",
        "2027-03-01/2027-04-01")]
    [TestCase("previous_period&start_date=2026-10-31", TestQuery.Noon, "2026-10-29/2026-10-30T12:15Z", "2026-10-31/2026-11-01T12:15Z")]
    [TestCase("previous_period&start_date=2026-03-02T00:00Z&end_date=2026-03-03T06:00Z", TestQuery.Noon, "2026-02-28T18:00Z/2026-03-02",
        "2026-03-02/2026-03-03T06:00Z")]
    [TestCase("previous_period&start_date=2026-11-01T00:00Z", TestQuery.Noon, "2026-10-31/2026-10-31T12:15Z",
        "2026-11-01/2026-11-01T12:15Z")]
    [TestCase("previous_period&start_date=2026-11-01&end_date=2026-11-01" + InNewYork, "2027-01-01T00:00:00Z",
        "2026-10-31T04:00Z/2026-11-01T04:00Z", "2026-11-01T04:00Z/2026-11-02T05:00Z")]
    [TestCase("previous_period&start_date=2011-12-31&end_date=2011-12-31&timezone=Pacific/Apia", TestQuery.Noon,
        "2011-12-30T10:00Z/2011-12-30T10:00Z", "2011-12-30T10:00Z/2011-12-31T10:00Z")]
    [TestCase("previous_year&date_range=today", TestQuery.Noon, "2025-11-01/2025-11-01T12:15Z", "2026-11-01/2026-11-01T12:15Z")]
    [TestCase("previous_year&date_range=month" + InNewYork, "2026-07-01T10:00:00Z", "2025-07-01T04:00Z/2025-07-01T10:15Z",
        "2026-07-01T04:00Z/2026-07-01T10:15Z")]
    [TestCase("previous_year&date_range=24h", TestQuery.Noon, "2025-10-31T12:15Z/2025-11-01T12:15Z", "2026-10-31T12:15Z/2026-11-01T12:15Z")]
    [TestCase("previous_year&start_date=2024-02-29&end_date=2024-02-29", TestQuery.Noon, "2023-02-28/2023-03-01", "2024-02-29/2024-03-01")]
    [TestCase("previous_year&start_date=2025-02-01&end_date=2025-02-28", TestQuery.Noon, "2024-02-01/2024-02-29", "2025-02-01/2025-03-01")]
    [TestCase("previous_year&start_date=2026-07-01T12:00Z&end_date=2026-07-01T13:00Z" + InNewYork, TestQuery.Noon,
        "2025-07-01T12:00Z/2025-07-01T13:00Z", "2026-07-01T12:00Z/2026-07-01T13:00Z")]
    [TestCase("previous_year&start_date=2026-11-02T01:30-05:00&end_date=2026-11-02T03:00-05:00" + InNewYork, "2027-01-01T00:00:00Z",
        "2025-11-02T05:30Z/2025-11-02T07:00Z", "2026-11-02T06:30Z/2026-11-02T08:00Z")]
    [TestCase("previous_year&start_date=2026-03-09T02:30-04:00&end_date=2026-03-09T05:00-04:00" + InNewYork, TestQuery.Noon,
        "2025-03-09T07:30Z/2025-03-09T10:00Z", "2026-03-09T06:30Z/2026-03-09T09:00Z")]
    [TestCase("previous_year&start_date=2026-03-09T02:30-04:00&end_date=2026-03-09T03:00-04:00" + InNewYork, TestQuery.Noon,
        "2025-03-09T07:30Z/2025-03-09T08:00Z", "2026-03-09T06:30Z/2026-03-09T07:00Z")]
    [TestCase("previous_year&start_date=2028-02-28T12:00Z&end_date=2028-02-29T12:00Z", "2028-03-05T12:00:00Z",
        "2027-02-28T12:00Z/2027-03-01T12:00Z", "2028-02-28T12:00Z/2028-02-29T12:00Z")]
    [TestCase("previous_year&date_range=24h", "2028-02-29T11:50:00Z", "2027-02-28T12:00Z/2027-03-01T12:00Z",
        "2028-02-28T12:00Z/2028-02-29T12:00Z")]
    [TestCase("previous_year&date_range=month", "2029-02-28T23:50:00Z", "2028-02-01/2028-03-01", "2029-02-01/2029-03-01")]
    [TestCase("previous_year&date_range=month", "2029-02-28T12:00:00Z", "2028-02-01/2028-02-28T12:15Z", "2029-02-01/2029-02-28T12:15Z")]
    [TestCase("previous_year&date_range=month", "2028-02-29T12:00:00Z", "2027-02-01/2027-02-28T12:15Z", "2028-02-01/2028-02-29T12:15Z")]
    [TestCase("previous_year&date_range=6mo", "2029-03-01T12:00:00Z", "2027-09-01/2028-03-01", "2028-09-01/2029-03-01")]
    [TestCase("previous_year&date_range=today", "2028-02-28T23:50:00Z", "2027-02-28/2027-03-01", "2028-02-28/2028-02-29")]
    [TestCase("previous_year&date_range=year", "2028-03-01T12:00:00Z", "2027-01-01/2027-03-01T12:15Z", "2028-01-01/2028-03-01T12:15Z")]
    [TestCase("previous_year&start_date=2024-02-27&end_date=2024-03-01", TestQuery.Noon, "2023-02-27/2023-03-03",
        "2024-02-27/2024-03-02")]
    [TestCase("previous_period&date_range=today" + InNewYork, "2026-11-01T17:00:00Z", "2026-10-31T04:00Z/2026-10-31T16:15Z",
        "2026-11-01T04:00Z/2026-11-01T17:15Z")]
    [TestCase("previous_period&date_range=month" + InNewYork, "2026-11-10T17:00:00Z", "2026-10-01T04:00Z/2026-10-10T16:15Z",
        "2026-11-01T04:00Z/2026-11-10T17:15Z")]
    [TestCase("previous_year&date_range=month" + InNewYork, "2026-11-01T17:00:00Z", "2025-11-01T04:00Z/2025-11-01T16:15Z",
        "2026-11-01T04:00Z/2026-11-01T17:15Z")]
    [TestCase("previous_period&start_date=2026-10-31T04:00Z&end_date=2026-11-03T05:00Z" + InNewYork, "2026-11-01T17:00:00Z",
        "2026-10-28T03:00Z/2026-10-29T16:15Z", "2026-10-31T04:00Z/2026-11-01T17:15Z")]
    public void Compare_parameter_selects_earlier_and_current_window(string query, string now, string earlier, string current)
    {
        var comparison = TestQuery.ParsePlan($"compare={query}", now).Comparison!;
        Assert.That((TestQuery.Format(comparison.Earlier), TestQuery.Format(comparison.Current)), Is.EqualTo((earlier, current)));
    }

    [Test]
    public void Comparison_windows_are_cut_at_the_corresponding_time_but_the_requested_window_is_not() => Gen.Select(
        ReferenceClock.Zones, ReferenceClock.Times, Gen.OneOf("today", "24h", "month", "year"),
        Gen.OneOf("previous_period", "previous_year")).Sample((zone, now, range, compare) =>
    {
        var requestedWindow = TestQuery.ParsePlan($"date_range={range}&timezone={zone}", now.ToString()).Window;
        var plan = TestQuery.ParsePlan($"date_range={range}&timezone={zone}&compare={compare}", now.ToString());
        var (earlier, current, _) = plan.Comparison!;
        var elapsed = TimeSpan.FromMilliseconds(current.To!.Value.UnixMilliseconds - current.From!.Value.UnixMilliseconds);

        Assert.That(plan.Window, Is.EqualTo(requestedWindow));
        Assert.That(current.From, Is.EqualTo(requestedWindow.From));
        Assert.That(current.To, Is.EqualTo(now + TimeSpan.FromMinutes(15)));
        Assert.That(earlier.To, Is.GreaterThanOrEqualTo(earlier.From!.Value));
        Assert.That(earlier.To, Is.LessThanOrEqualTo(earlier.From + elapsed + TimeSpan.FromDays(2)), "A leap day, or a clock change");
    }, iter: 1_000);

    [Test]
    public void Query_without_compare_parameter_has_no_comparison() =>
        Assert.That(TestQuery.ParsePlan("date_range=today").Comparison, Is.Null);
}
