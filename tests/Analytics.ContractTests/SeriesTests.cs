using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Time series: their buckets, and that they add up.</summary>
internal sealed class SeriesTests
{
    private static ApiClient Api => Deployment.Api;

    [Test]
    public async Task Rows_add_up_to_the_totals(
        [Values("date_range=7d&interval=hour", "date_range=28d&interval=day", "date_range=6mo&interval=week",
            "date_range=year&interval=month",
            "date_range=24h&interval=hour", "date_range=week&interval=day")] string query,
        [Values("UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe")] string timezone)
    {
        var reply = await Api.GetAsync($"{query}&timezone={timezone}&include=reconciliation,components");

        Assert.That(Counts.Of(ReadSeries(reply)), Is.EqualTo(Counts.Of(reply.Data)),
            reply.Explain("The rows of a series add up to the totals."));
    }

    [TestCase("date_range=7d&interval=hour&timezone=Asia/Kolkata"), TestCase("date_range=24h&interval=hour&timezone=UTC")]
    [TestCase("date_range=month&interval=day&timezone=America/New_York"),
        TestCase("date_range=12mo&interval=month&timezone=Asia/Kathmandu")]
    [TestCase("date_range=year&interval=week&timezone=Australia/Lord_Howe"), TestCase("date_range=today&interval=hour&timezone=UTC")]
    public async Task Buckets_cover_the_window_without_gaps(string query)
    {
        var reply = await Api.GetAsync($"{query}&include=meta");
        var series = ReadSeries(reply);
        var meta = reply.Data.GetProperty("meta");

        Assert.That(series.Select(ReadEnd).SkipLast(1), Is.EqualTo(series.Select(ReadStart).Skip(1)),
            reply.Explain("Each bucket begins where the one before it ends."));
        Assert.That((ReadStart(series[0]), ReadEnd(series[^1])), Is.EqualTo((ReadStart(meta), ReadEnd(meta))),
            reply.Explain("The series covers the window: from its start to its end."));
        Assert.That(series.Select(row => row.GetProperty("hours").GetDouble()),
            Is.EqualTo(series.Select(row => (ReadEnd(row) - ReadStart(row)).TotalHours)).Within(1e-9),
            reply.Explain("hours is the length of the bucket."));
    }

    [TestCase("date_range=month&interval=day"), TestCase("date_range=week&interval=hour&timezone=Asia/Kolkata")]
    [TestCase("date_range=year&interval=month"), TestCase("date_range=24h&interval=hour")]
    public async Task State_and_complete_follow_from_now(string query)
    {
        var reply = await Api.GetAsync($"{query}&include=meta");
        var now = reply.Data.GetProperty("meta").GetProperty("now").GetDateTimeOffset();

        Assert.That(now.UtcTicks % TimeSpan.FromMinutes(15).Ticks, Is.Zero, reply.Explain("now is the start of a quarter hour."));
        foreach (var row in ReadSeries(reply))
        {
            Assert.That(row.GetProperty("complete").GetBoolean(), Is.EqualTo(ReadEnd(row) <= now),
                reply.Explain($"complete is true once the bucket's end is not after now, in {row}"));
            Assert.That(row.GetProperty("state").GetString(),
                Is.EqualTo(ReadEnd(row) <= now ? "past" : ReadStart(row) > now ? "future" : "current"),
                reply.Explain($"state is past, current or future, seen from now, in {row}"));
        }
    }

    [Test]
    public async Task Hours_days_weeks_and_months_count_the_same()
    {
        var replies = await Deployment.ReadAtOneVersionAsync(async () => new[]
        {
            await Api.GetAsync(Deployment.Days),
            await Api.GetAsync($"{Deployment.Days}&interval=hour"),
            await Api.GetAsync($"{Deployment.Days}&interval=day"),
            await Api.GetAsync($"{Deployment.Days}&interval=week"),
            await Api.GetAsync($"{Deployment.Days}&interval=month"),
        });

        foreach (var reply in replies.Skip(1))
        {
            Assert.That(Counts.Of(ReadSeries(reply)), Is.EqualTo(Counts.Of(replies[0].Data)),
                replies[0].Explain("Every interval adds up to the same counts.", reply));
        }
    }

    [TestCase("Asia/Kolkata"), TestCase("America/St_Johns"), TestCase("Pacific/Chatham")]
    public async Task Time_zones_agree_on_all(string timezone)
    {
        var (utc, local) = await Deployment.ReadAtOneVersionAsync(
            async () => (await Api.GetAsync(), await Api.GetAsync($"date_range=all&timezone={timezone}")));

        Assert.That(local.Text, Is.EqualTo(utc.Text), utc.Explain("Without bounds the time zone does not matter.", local));
    }

    [Test]
    public async Task Fill_none_leaves_out_only_empty_buckets()
    {
        var (all, filled) = await Deployment.ReadAtOneVersionAsync(async () =>
            (await Api.GetAsync($"{Deployment.Days}&interval=hour"), await Api.GetAsync($"{Deployment.Days}&interval=hour&fill=none")));

        Assert.That(ReadSeries(filled).Select(row => row.GetRawText()),
            Is.EqualTo(ReadSeries(all).Where(row => !Counts.AreZero(row)).Select(row => row.GetRawText())),
            all.Explain("fill=none leaves out empty buckets, and changes no other.", filled));
    }

    // Dates on which clocks changed, which every version of the time zone database knows.
    [TestCase("2025-03-09", "America/New_York", "hour", 23, 1.0), TestCase("2025-11-02", "America/New_York", "hour", 25, 1.0)]
    [TestCase("2025-10-05", "Australia/Lord_Howe", "day", 1, 23.5), TestCase("2025-04-06", "Australia/Lord_Howe", "day", 1, 24.5)]
    [TestCase("2025-06-01", "Asia/Kolkata", "day", 1, 24.0)]
    public async Task Local_day_has_the_hours_that_its_clocks_show(string date, string timezone, string interval, int buckets, double hours)
    {
        var reply = await Api.GetAsync($"start_date={date}&end_date={date}&timezone={timezone}&interval={interval}");

        Assert.That(ReadSeries(reply).Select(row => row.GetProperty("hours").GetDouble()), Is.EqualTo(Enumerable.Repeat(hours, buckets)),
            reply.Explain("Days and hours are local: a day on which the clocks change is shorter or longer."));
    }

    private static List<JsonElement> ReadSeries(Reply reply) => [.. reply.Data.GetProperty("series").EnumerateArray()];

    private static DateTimeOffset ReadStart(JsonElement row) => row.GetProperty("start").GetDateTimeOffset();

    private static DateTimeOffset ReadEnd(JsonElement row) => row.GetProperty("end").GetDateTimeOffset();
}
