using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Which window a range means, seen from the response's own now, in a zone whose clocks never change.</summary>
internal sealed class DateRangeTests
{
    private const string Zone = "timezone=Asia/Kolkata";

    private static ApiClient Api => Deployment.Api;

    [TestCase("today"), TestCase("yesterday"), TestCase("24h"), TestCase("7d"), TestCase("28d"), TestCase("30d"), TestCase("91d")]
    [TestCase("week"), TestCase("month"), TestCase("year"), TestCase("6mo"), TestCase("12mo")]
    public async Task Range_has_the_documented_bounds(string range)
    {
        var reply = await Api.GetAsync($"date_range={range}&{Zone}&include=meta");
        var meta = reply.Data.GetProperty("meta");
        var now = meta.GetProperty("now").GetDateTimeOffset();
        var today = new DateTimeOffset(now.Date, now.Offset);
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = today.AddDays(1 - today.Day);
        var year = month.AddMonths(1 - month.Month);

        var expected = range switch
        {
            "today" => (today, today.AddDays(1)),
            "yesterday" => (today.AddDays(-1), today),
            "24h" => (now.AddMinutes(15).AddHours(-24), now.AddMinutes(15)),
            "7d" => (today.AddDays(-7), today),
            "28d" => (today.AddDays(-28), today),
            "30d" => (today.AddDays(-30), today),
            "91d" => (today.AddDays(-91), today),
            "week" => (monday, monday.AddDays(7)),
            "month" => (month, month.AddMonths(1)),
            "year" => (year, year.AddYears(1)),
            "6mo" => (month.AddMonths(-6), month),
            _ => (month.AddMonths(-12), month),
        };

        Assert.That(ReadWindow(meta), Is.EqualTo(expected),
            reply.Explain($"date_range={range} has its documented bounds, seen from meta.now."));
    }

    [TestCase(""), TestCase("date_range=all&")]
    public async Task All_has_no_bounds(string query)
    {
        var reply = await Api.GetAsync($"{query}include=meta");
        var meta = reply.Data.GetProperty("meta");

        Assert.That((meta.GetProperty("start").ValueKind, meta.GetProperty("end").ValueKind),
            Is.EqualTo((JsonValueKind.Null, JsonValueKind.Null)), reply.Explain("No range is all, and all has no bounds."));
    }

    [TestCase("start_date=2026-01-30&end_date=2026-02-01", "2026-01-30T00:00:00+05:30", "2026-02-02T00:00:00+05:30")]
    [TestCase("start_date=2026-01-30T09:15:00%2B05:30&end_date=2026-01-30T10:00:00Z", "2026-01-30T09:15:00+05:30",
        "2026-01-30T15:30:00+05:30")]
    public async Task Dates_include_the_last_day_and_instants_exclude_the_end(string query, string start, string end)
    {
        var reply = await Api.GetAsync($"{query}&{Zone}&include=meta");
        var meta = reply.Data.GetProperty("meta");

        Assert.That((meta.GetProperty("start").GetString(), meta.GetProperty("end").GetString()), Is.EqualTo((start, end)),
            reply.Explain("Local days include the last one; of instants the end is excluded."));
    }

    [Test]
    public async Task Start_alone_ends_with_today_and_end_alone_has_no_start()
    {
        var start = await Api.GetAsync($"start_date=2026-01-01&{Zone}&include=meta");
        var end = await Api.GetAsync($"end_date=2026-01-01&{Zone}&include=meta");
        var now = start.Data.GetProperty("meta").GetProperty("now").GetDateTimeOffset();

        Assert.That(start.Data.GetProperty("meta").GetProperty("end").GetDateTimeOffset(),
            Is.EqualTo(new DateTimeOffset(now.Date, now.Offset).AddDays(1)),
            start.Explain("Without end_date the window ends with the local today."));
        Assert.That(end.Data.GetProperty("meta").GetProperty("start").ValueKind, Is.EqualTo(JsonValueKind.Null),
            end.Explain("Without start_date the window has no lower bound."));
    }

    [TestCase("7d"), TestCase("month"), TestCase("yesterday"), TestCase("12mo")]
    public async Task Previous_and_next_touch_the_window(string range)
    {
        var reply = await Api.GetAsync($"date_range={range}&{Zone}&include=meta");
        var meta = reply.Data.GetProperty("meta");
        var previous = (await Api.GetAsync($"{FormatWindow(meta.GetProperty("previous"))}&{Zone}&include=meta")).Data.GetProperty("meta");
        var next = (await Api.GetAsync($"{FormatWindow(meta.GetProperty("next"))}&{Zone}&include=meta")).Data.GetProperty("meta");

        Assert.That((ReadWindow(previous).End, ReadWindow(next).Start), Is.EqualTo(ReadWindow(meta)),
            reply.Explain("previous and next are the windows directly before and after, ready to be sent."));
    }

    [TestCase("date_range=2d", "date_range"), TestCase("date_range=Today", "date_range"),
        TestCase("date_range=7d&date_range=7d", "date_range")]
    [TestCase("date_range=7d&start_date=2026-01-01", "date_range"), TestCase("start_date=2026-02-30", "start_date")]
    [TestCase("start_date=2026-01-02&end_date=2026-01-01", "start_date"), TestCase("start_date=2026-01-02&end_date=2026-01-01", "end_date")]
    [TestCase("start_date=2026-01-01&end_date=2026-01-02T00:00:00Z", "start_date")]
    [TestCase("start_date=2026-01-01&end_date=2026-01-02T00:00:00Z", "end_date")]
    [TestCase("start_date=2026-01-01T00:10:00Z", "start_date"), TestCase("start_date=2026-01-01T00:00:00", "start_date")]
    [TestCase("start_date=2011-12-30&timezone=Pacific/Apia", "start_date"), TestCase("timezone=asia/kolkata", "timezone")]
    [TestCase("start_date=2011-12-01&end_date=2011-12-30&timezone=Pacific/Apia", "end_date")]
    [TestCase("timezone=India%20Standard%20Time", "timezone"), TestCase("timezone=%2B05:30", "timezone"),
        TestCase("timezone=Mars", "timezone")]
    [TestCase("interval=day", "interval"), TestCase("interval=day&date_range=all", "interval")]
    [TestCase("interval=day&end_date=2026-01-01", "interval"), TestCase("interval=year&date_range=7d", "interval")]
    [TestCase("interval=hour&start_date=2026-01-01&end_date=2026-02-05", "interval")]
    [TestCase("interval=day&start_date=2025-01-01&end_date=2026-01-02", "interval")]
    [TestCase("interval=week&start_date=2015-01-01&end_date=2025-01-01", "interval")]
    [TestCase("group_by=hour_of_day&start_date=2026-01-01&end_date=2026-04-03", "group_by"), TestCase("compare=previous_period", "compare")]
    public async Task Invalid_range_is_rejected_by_name(string query, string parameter)
    {
        var reply = await Api.SendAsync(new ContractRequest(query));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain($"An invalid {parameter} is a 400."));
        Assert.That(reply.Json.GetProperty("errors").TryGetProperty(parameter, out _), Is.True,
            reply.Explain($"The error names {parameter} in its key errors."));
    }

    [TestCase("interval=hour&start_date=2026-01-01&end_date=2026-02-04"),
        TestCase("interval=day&start_date=2025-01-01&end_date=2026-01-01")]
    [TestCase("interval=month&start_date=2016-01-01&end_date=2025-12-31")]
    public async Task Longest_range_of_an_interval_is_accepted(string query) => await Api.GetAsync(query);

    private static (DateTimeOffset Start, DateTimeOffset End) ReadWindow(JsonElement meta) =>
        (meta.GetProperty("start").GetDateTimeOffset(), meta.GetProperty("end").GetDateTimeOffset());

    private static string FormatWindow(JsonElement dates) =>
        $"start_date={dates.GetProperty("start_date")}&end_date={dates.GetProperty("end_date")}";
}
