using CsCheck;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class DateRangeTests
{
    [TestCase("", "/")]
    [TestCase("date_range=all", "/")]
    [TestCase("date_range=", "/")]
    [TestCase("start_date=%20&end_date=", "/")]
    [TestCase("date_range=today", "2026-11-01/2026-11-02")]
    [TestCase("date_range=yesterday", "2026-10-31/2026-11-01")]
    [TestCase("date_range=7d", "2026-10-25/2026-11-01")]
    [TestCase("date_range=28d", "2026-10-04/2026-11-01")]
    [TestCase("date_range=30d", "2026-10-02/2026-11-01")]
    [TestCase("date_range=91d", "2026-08-02/2026-11-01")]
    [TestCase("date_range=24h", "2026-10-31T12:15Z/2026-11-01T12:15Z")]
    [TestCase("date_range=week", "2026-10-26/2026-11-02")]
    [TestCase("date_range=month", "2026-11-01/2026-12-01")]
    [TestCase("date_range=6mo", "2026-05-01/2026-11-01")]
    [TestCase("date_range=12mo", "2025-11-01/2026-11-01")]
    [TestCase("date_range=year", "2026-01-01/2027-01-01")]
    [TestCase("date_range=today&timezone=Asia/Kolkata", "2026-10-31T18:30Z/2026-11-01T18:30Z")]
    [TestCase("date_range=today&timezone=America/New_York", "2026-11-01T04:00Z/2026-11-02T05:00Z")]
    [TestCase("date_range=today&timezone=Pacific/Kiritimati", "2026-11-01T10:00Z/2026-11-02T10:00Z")]
    [TestCase("date_range=month&timezone=Pacific/Apia", "2026-10-31T11:00Z/2026-11-30T11:00Z")]
    [TestCase("start_date=2026-10-01&end_date=2026-10-31", "2026-10-01/2026-11-01")]
    [TestCase("start_date=2024-02-29&end_date=2024-02-29", "2024-02-29/2024-03-01")]
    [TestCase("start_date=2026-10-01", "2026-10-01/2026-11-02")]
    [TestCase("start_date=2026-11-01", "2026-11-01/2026-11-02")]
    [TestCase("end_date=2026-10-01", "/2026-10-02")]
    [TestCase("start_date=2027-01-01&end_date=2027-01-01", "2027-01-01/2027-01-02")]
    [TestCase("start_date=1900-01-01&end_date=9998-12-31", "1900-01-01/9999-01-01")]
    [TestCase("start_date=2026-10-01T00:00:00Z&end_date=2026-10-01T00:15:00Z", "2026-10-01/2026-10-01T00:15Z")]
    [TestCase("start_date=2026-10-01T00:00%2B05:30&end_date=2026-10-01T00:00:00.000-03:30", "2026-09-30T18:30Z/2026-10-01T03:30Z")]
    [TestCase("start_date=2026-11-01T00:00:00%2005:30", "2026-10-31T18:30Z/2026-11-02")]
    [TestCase("start_date=2026-11-01T00:00:00-00:00&timezone=Asia/Kolkata", "2026-11-01/2026-11-01T18:30Z")]
    [TestCase("end_date=2026-11-01T00:00:00%2B00:00", "/2026-11-01")]
    [TestCase("end_date=2026-10-31T24:00Z", "/2026-11-01")]
    [TestCase("start_date=2011-12-31&end_date=2011-12-31&timezone=Pacific/Apia", "2011-12-30T10:00Z/2011-12-31T10:00Z")]
    [TestCase("start_date=2011-12-29&end_date=2011-12-29&timezone=Pacific/Apia", "2011-12-29T10:00Z/2011-12-30T10:00Z")]
    [TestCase("start_date=1993-08-20&end_date=1993-08-22&timezone=Pacific/Kwajalein", "1993-08-20T12:00Z/1993-08-22T12:00Z")]
    [TestCase("start_date=2026-09-06&end_date=2026-09-06&timezone=America/Santiago", "2026-09-06T04:00Z/2026-09-07T03:00Z")]
    public void Range_parameters_select_the_window(string query, string window) =>
        Assert.That(TestQuery.Format(TestQuery.ParsePlan(query).Window), Is.EqualTo(window));

    [TestCase("date_range=today", "2026-10-31T23:59:59.999Z", "2026-10-31/2026-11-01")]
    [TestCase("date_range=today", "2026-11-01T00:00:00Z", "2026-11-01/2026-11-02")]
    [TestCase("date_range=week", "2026-11-02T00:00:00Z", "2026-11-02/2026-11-09")]
    [TestCase("date_range=month", "2026-10-31T23:59:59.999Z", "2026-10-01/2026-11-01")]
    [TestCase("date_range=24h", "2026-10-31T23:59:59.999Z", "2026-10-31/2026-11-01")]
    [TestCase("date_range=6mo", "2026-03-31T12:00:00Z", "2025-09-01/2026-03-01")]
    [TestCase("date_range=yesterday", "2024-03-01T12:00:00Z", "2024-02-29/2024-03-01")]
    [TestCase("start_date=2026-01-01", "2026-10-31T23:59:59.999Z", "2026-01-01/2026-11-01")]
    public void Relative_range_is_resolved_at_the_current_time(string query, string now, string window) =>
        Assert.That(TestQuery.Format(TestQuery.ParsePlan(query, now).Window), Is.EqualTo(window));

    [Test]
    public void Local_days_match_the_reference_clock() => Gen.Select(ReferenceClock.Zones, ReferenceClock.Times).Sample((zone, now) =>
    {
        var today = ReferenceClock.ToLocalDate(now, zone);
        string FormatDays(DateTime first, DateTime after) =>
            $"{TestQuery.Format(ReferenceClock.StartOfDay(first, zone))}/{TestQuery.Format(ReferenceClock.StartOfDay(after, zone))}";
        string GetWindow(string query) => TestQuery.Format(TestQuery.ParsePlan($"{query}&timezone={zone}", now.ToString()).Window);

        Assert.That(GetWindow("date_range=today"), Is.EqualTo(FormatDays(today, today.AddDays(1))));
        Assert.That(GetWindow("date_range=7d"), Is.EqualTo(FormatDays(today.AddDays(-7), today)));
        Assert.That(GetWindow("date_range=month"),
            Is.EqualTo(FormatDays(today.AddDays(1 - today.Day), today.AddDays(1 - today.Day).AddMonths(1))));

        // The day before, if the zone skipped this one: no parameter may name that.
        var earlier = ReferenceClock.IsSkipped(today.AddDays(-40), zone) ? today.AddDays(-41) : today.AddDays(-40);
        Assert.That(GetWindow($"start_date={earlier:yyyy-MM-dd}"), Is.EqualTo(FormatDays(earlier, today.AddDays(1))));
    }, iter: 200);
}
