using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>Time alone changes an answer, and then its tag too; within 15 minutes it changes nothing.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class ClockTests(DatabaseEngine engine)
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(15);

    private readonly FakeTimeProvider _clock = new();
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock.AdjustTime(new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero));
        _service = await Acme.StartAsync(engine, parts => parts.AddSingleton<TimeProvider>(_clock));
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
    public async Task PassingAnEdgeIsAnotherAnswerUnderAnotherTag(string query, string edge, int before, int after)
    {
        _clock.AdjustTime(At(edge) - Instant);
        var first = await AskAsync(query);
        _clock.Advance(Instant);
        var second = await AskAsync(query, knowing: first);

        Assert.That((AnswerRows.Tasks(first), second.Status), Is.EqualTo((before, 200)));
        Assert.That(AnswerRows.Tasks(second), Is.EqualTo(after));
        Assert.That(second["ETag"], Is.Not.EqualTo(first["ETag"]));
    }

    [TestCase("date_range=24h")]
    [TestCase("date_range=today&interval=hour")]
    [TestCase("date_range=month&compare=previous_period")]
    [TestCase("start_date=2024-02-01&group_by=space&include=meta")]
    public async Task WithinASlotTheCallerHoldsTheAnswerAlready(string query)
    {
        _clock.AdjustTime(At("2024-02-29T17:45:00Z"));
        var first = await AskAsync(query);
        _clock.Advance(Slot - Instant);
        var second = await AskAsync(query, knowing: first);

        Assert.That((second.Status, second["ETag"]), Is.EqualTo((304, first["ETag"])));
    }

    [TestCase("interval=hour", 13)]
    [TestCase("interval=hour&timezone=Asia/Kolkata", 12)]
    [TestCase("interval=day", 24)]
    public async Task TheEndOfABucketCompletesIt(string interval, int hour)
    {
        var query = $"start_date=2024-02-29T12:00:00Z&end_date=2024-03-02T12:00:00Z&{interval}";
        var edge = At("2024-02-29T00:00:00Z").AddHours(hour);
        if (interval.Contains("Kolkata", StringComparison.Ordinal))
        {
            edge = edge.AddMinutes(30);
        }

        _clock.AdjustTime(edge - Instant);
        var first = await AskAsync(query);
        _clock.Advance(Instant);
        var second = await AskAsync(query, knowing: first);

        Assert.That((Complete(first), second.Status), Is.EqualTo((0, 200)));
        Assert.That(Complete(second), Is.EqualTo(1));
        Assert.That(second["ETag"], Is.Not.EqualTo(first["ETag"]));
    }

    [Test]
    public async Task AComparisonIsCutAtTheEndOfTheSlot()
    {
        const string Query = "date_range=today&compare=previous_period";
        await _service.HasSalesAsync(
            new NativeTask("early") { CreatedAt = "2024-02-28T12:14:59.999Z" },
            new NativeTask("late") { CreatedAt = "2024-02-28T12:15:00Z" });
        var first = await AskAsync(Query);
        _clock.Advance(Slot);
        var second = await AskAsync(Query, knowing: first);

        Assert.That((Earlier(first), Earlier(second)), Is.EqualTo((1, 2)));
    }

    [TestCase("")]
    [TestCase("date_range=all&group_by=agent")]
    [TestCase("date_range=month&group_by=space")]
    [TestCase("start_date=2024-02-01&end_date=2024-02-10&interval=day&compare=previous_year")]
    public async Task WhatTheClockDoesNotMoveKeepsItsTag(string query)
    {
        var first = await AskAsync(query);
        _clock.Advance(TimeSpan.FromHours(11));
        var second = await AskAsync(query, knowing: first);

        Assert.That((second.Status, second["ETag"]), Is.EqualTo((304, first["ETag"])));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private static int Earlier(Reply reply) => (int)reply.Json["data"]!["comparison"]!["call_status"]!["total_tasks"]!;

    private static int Complete(Reply reply) => reply.Json["data"]!.Rows("series").Count(bucket => (bool)bucket["complete"]!);

    private Task<Reply> AskAsync(string query, Reply? knowing = null) =>
        _service.AskAsync(new Question { Query = query, Headers = knowing is null ? [] : [("If-None-Match", knowing["ETag"]!)] });
}
