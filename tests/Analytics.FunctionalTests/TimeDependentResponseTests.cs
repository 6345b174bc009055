using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>The passing of time changes a response, and then its ETag too; within 15 minutes it changes nothing.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TimeDependentResponseTests(DatabaseEngine engine)
{
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan QuarterHourLength = TimeSpan.FromMinutes(15);

    private readonly FakeTimeProvider _clock = new();
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock.AdjustTime(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero));
        _service = await Acme.StartServiceAsync(engine, services => services.AddSingleton<TimeProvider>(_clock));
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [TestCase("date_range=today", "2024-03-01T00:00:00Z", 1, 0)]
    [TestCase("date_range=yesterday", "2024-03-01T00:00:00Z", 0, 1)]
    [TestCase("date_range=7d", "2024-03-01T00:00:00Z", 0, 1)]
    [TestCase("date_range=month", "2024-03-01T00:00:00Z", 1, 0)]
    [TestCase("date_range=6mo", "2024-03-01T00:00:00Z", 0, 1)]
    [TestCase("date_range=year", "2025-01-01T00:00:00Z", 1, 0)]
    [TestCase("date_range=24h", "2024-03-01T12:00:00Z", 1, 0)]
    [TestCase("date_range=today&timezone=Asia/Kolkata", "2024-02-29T18:30:00Z", 1, 0)]
    [TestCase("date_range=today&timezone=America/New_York&agent=", "2024-03-01T05:00:00Z", 1, 0)]
    [TestCase("date_range=month&timezone=Pacific/Apia&group_by=agent", "2024-02-29T11:00:00Z", 0, 1)]
    public async Task Passing_a_range_boundary_changes_response_and_ETag(string query, string boundary, int before, int after)
    {
        _clock.AdjustTime(ParseTime(boundary) - OneMillisecond);
        var first = await SendAsync(query);
        _clock.Advance(OneMillisecond);
        var second = await SendAsync(query, previous: first);

        Assert.That((ResponseRows.GetTotalTasks(first), second.Status), Is.EqualTo((before, 200)));
        Assert.That(ResponseRows.GetTotalTasks(second), Is.EqualTo(after));
        Assert.That(second["ETag"], Is.Not.EqualTo(first["ETag"]));
    }

    [TestCase("date_range=24h")]
    [TestCase("date_range=today&interval=hour")]
    [TestCase("date_range=month&compare=previous_period")]
    [TestCase("start_date=2024-02-01&group_by=space&include=meta")]
    public async Task Repeated_request_within_a_quarter_hour_returns_304(string query)
    {
        _clock.AdjustTime(ParseTime("2024-02-29T17:45:00Z"));
        var first = await SendAsync(query);
        _clock.Advance(QuarterHourLength - OneMillisecond);
        var second = await SendAsync(query, previous: first);

        Assert.That((second.Status, second["ETag"]), Is.EqualTo((304, first["ETag"])));
    }

    [TestCase("interval=hour", 13)]
    [TestCase("interval=hour&timezone=Asia/Kolkata", 12)]
    [TestCase("interval=day", 24)]
    public async Task Bucket_becomes_complete_at_its_end(string interval, int hour)
    {
        var query = $"start_date=2024-02-29T12:00:00Z&end_date=2024-03-02T12:00:00Z&{interval}";
        var bucketEnd = ParseTime("2024-02-29T00:00:00Z").AddHours(hour);
        if (interval.Contains("Kolkata", StringComparison.Ordinal))
        {
            bucketEnd = bucketEnd.AddMinutes(30);
        }

        _clock.AdjustTime(bucketEnd - OneMillisecond);
        var first = await SendAsync(query);
        _clock.Advance(OneMillisecond);
        var second = await SendAsync(query, previous: first);

        Assert.That((CountCompleteBuckets(first), second.Status), Is.EqualTo((0, 200)));
        Assert.That(CountCompleteBuckets(second), Is.EqualTo(1));
        Assert.That(second["ETag"], Is.Not.EqualTo(first["ETag"]));
    }

    [Test]
    public async Task Comparison_window_ends_at_the_end_of_the_quarter_hour()
    {
        const string Query = "date_range=today&compare=previous_period";
        await _service.AddSalesTasksAsync(
            new NativeTask("early") { CreatedAt = "2024-02-28T12:14:59.999Z" },
            new NativeTask("late") { CreatedAt = "2024-02-28T12:15:00Z" });
        var first = await SendAsync(Query);
        _clock.Advance(QuarterHourLength);
        var second = await SendAsync(Query, previous: first);

        Assert.That((CountComparisonTasks(first), CountComparisonTasks(second)), Is.EqualTo((1, 2)));
    }

    [TestCase("")]
    [TestCase("date_range=all&group_by=agent")]
    [TestCase("date_range=month&group_by=space")]
    [TestCase("start_date=2024-02-01&end_date=2024-02-10&interval=day&compare=previous_year")]
    public async Task Time_independent_response_keeps_its_ETag(string query)
    {
        var first = await SendAsync(query);
        _clock.Advance(TimeSpan.FromHours(11));
        var second = await SendAsync(query, previous: first);

        Assert.That((second.Status, second["ETag"]), Is.EqualTo((304, first["ETag"])));
    }

    private static DateTimeOffset ParseTime(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private static int CountComparisonTasks(Reply reply) => (int)reply.Json["data"]!["comparison"]!["call_status"]!["total_tasks"]!;

    private static int CountCompleteBuckets(Reply reply) =>
        reply.Json["data"]!.GetRows("series").Count(bucket => (bool)bucket["complete"]!);

    private Task<Reply> SendAsync(string query, Reply? previous = null) =>
        _service.SendAsync(
            new AnalyticsRequest { Query = query, Headers = previous is null ? [] : [("If-None-Match", previous["ETag"]!)] });
}
