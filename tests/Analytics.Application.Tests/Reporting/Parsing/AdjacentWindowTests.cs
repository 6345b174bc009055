using Analytics.Application.Reporting.Parsing;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class AdjacentWindowTests
{
    [TestCase("date_range=today", "2026-10-31/2026-10-31", "2026-11-02/2026-11-02")]
    [TestCase("date_range=7d", "2026-10-18/2026-10-24", "2026-11-01/2026-11-07")]
    [TestCase("date_range=week", "2026-10-19/2026-10-25", "2026-11-02/2026-11-08")]
    [TestCase("date_range=month", "2026-10-01/2026-10-31", "2026-12-01/2026-12-31")]
    [TestCase("date_range=6mo", "2025-11-01/2026-04-30", "2026-11-01/2027-04-30")]
    [TestCase("date_range=year", "2025-01-01/2025-12-31", "2027-01-01/2027-12-31")]
    [TestCase("date_range=24h", "2026-10-30T12:15:00+00:00/2026-10-31T12:15:00+00:00",
        "2026-11-01T12:15:00+00:00/2026-11-02T12:15:00+00:00")]
    [TestCase("start_date=2026-11-01T00:00Z&end_date=2026-11-01T12:00Z&timezone=America/New_York",
        "2026-10-31T08:00:00-04:00/2026-10-31T20:00:00-04:00", "2026-11-01T07:00:00-05:00/2026-11-01T19:00:00-05:00")]
    [TestCase("start_date=2026-10-30", "2026-10-27/2026-10-29", "2026-11-02/2026-11-04")]
    [TestCase("start_date=1900-01-01&end_date=1900-01-31", "none", "1900-02-01/1900-03-03")]
    [TestCase("start_date=9998-12-01&end_date=9998-12-31", "9998-10-31/9998-11-30", "none")]
    [TestCase("start_date=1900-01-01&end_date=9998-12-31", "none", "none")]
    [TestCase("start_date=1900-01-01T00:00Z&end_date=9998-12-31T00:00Z", "none", "none")]
    [TestCase("start_date=2011-12-31&end_date=2011-12-31&timezone=Pacific/Apia", "none", "2012-01-01/2012-01-01")]
    [TestCase("start_date=2011-12-31&end_date=2012-01-06&timezone=Pacific/Apia", "2011-12-24/2011-12-29", "2012-01-07/2012-01-13")]
    [TestCase("start_date=2011-12-28&end_date=2011-12-29&timezone=Pacific/Apia", "2011-12-26/2011-12-27", "2011-12-31/2011-12-31")]
    [TestCase("end_date=2026-11-01", "none", "none")]
    [TestCase("", "none", "none")]
    public void Adjacent_windows_are_of_the_same_kind(string query, string previous, string next)
    {
        var plan = TestQuery.ParsePlan(query);

        Assert.That((Format(plan.Previous), Format(plan.Next)), Is.EqualTo((previous, next)));
    }

    [TestCase("date_range=month&timezone=Pacific/Apia")]
    [TestCase("date_range=24h&timezone=Asia/Kathmandu")]
    public void Adjacent_window_can_be_requested(string query)
    {
        var plan = TestQuery.ParsePlan(query);
        var zone = query.Split('&')[^1];

        Assert.That(ParsePlan(plan.Previous!, zone).Window.To, Is.EqualTo(plan.Window.From));
        Assert.That(ParsePlan(plan.Next!, zone).Window.From, Is.EqualTo(plan.Window.To));
    }

    private static AnalyticsQueryPlan ParsePlan(WindowDates dates, string zone) => TestQuery.ParsePlan(
        $"start_date={Uri.EscapeDataString(dates.StartDate)}&end_date={Uri.EscapeDataString(dates.EndDate)}&{zone}");

    private static string Format(WindowDates? dates) => dates is null ? "none" : $"{dates.StartDate}/{dates.EndDate}";
}
