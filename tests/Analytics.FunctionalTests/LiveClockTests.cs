using Analytics.Application.Reporting.Parsing;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>What a stream does at which time, by a clock that only the test moves.</summary>
[NonParallelizable]
internal sealed class LiveClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Real time, of which much passes only where a test fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LogRecorder _warnings = new();
    private FakeTimeProvider _clock = null!;
    private AnalyticsService _service = null!;

    private ObservedDataSource Database => (ObservedDataSource)_service.Services.GetRequiredService<System.Data.Common.DbDataSource>();

    [SetUp]
    public async Task StartAsync()
    {
        // Far from a slot's end.
        _clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(QuarterHour.Current(TimeProvider.System).Start.UnixMilliseconds));
        _service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, parts =>
        {
            parts.AddSingleton<TimeProvider>(_clock);
            parts.AddSingleton<ILoggerProvider>(_warnings);
            ObservedDataSource.Install(parts);
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _service.DisposeAsync();
        _warnings.Dispose();
    }

    [Test]
    public async Task ACommentComesEvery15Seconds()
    {
        using var stream = await OpenAsync();

        for (var comment = 1; comment <= 3; comment++)
        {
            var (next, after) = await AfterAsync(stream.ReadNextAsync());
            Assert.That(next, Is.EqualTo(ServerSentEvent.Comment));
            Assert.That(after, Is.InRange(15, 16));
        }
    }

    [Test]
    public async Task ManyWritesOfASecondAreOneEvent()
    {
        using var stream = await OpenAsync();
        var next = stream.ReadNextEventAsync();
        for (var written = 2; written <= 5; written++)
        {
            await _service.AddSalesTasksAsync(new NativeTask($"{written}"));
        }

        var (one, _) = await AfterAsync(next);
        var (another, _) = await AfterAsync(stream.ReadNextAsync());

        Assert.That((one!.Id, another), Is.EqualTo(((await _service.SendAsync())["ETag"], ServerSentEvent.Comment)));
    }

    [Test]
    public async Task NoSecondEventComesWithinASecond()
    {
        using var early = await OpenAsync();
        _clock.Advance(Second / 2);
        using var late = await OpenAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var (ofEarly, ofLate) = (early.ReadNextEventAsync(), late.ReadNextEventAsync());

        _clock.Advance(Second / 2);
        await ofEarly;
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.That(ofLate.IsCompleted, Is.False);

        _clock.Advance(Second / 2);
        Assert.That(await ofLate, Is.EqualTo(await ofEarly));
    }

    [Test]
    public async Task AMembershipThatGoesWithoutAChangeEndsTheStreamWithin30Seconds()
    {
        using var stream = await OpenAsync();
        await using (var connection = await Database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("DELETE FROM members");
        }

        var (next, after) = await AfterAsync(stream.ReadNextEventAsync());

        Assert.That(next, Is.Null);
        Assert.That(after, Is.InRange(30, 31));
    }

    [Test]
    public async Task ALostMembershipGetsNoFurtherEvent()
    {
        using var stream = await OpenAsync();
        await _service.ReplaceMembersAsync(Acme.Id, "someone else");
        await _service.AddSalesTasksAsync(new NativeTask("secret"));

        var (next, after) = await AfterAsync(stream.ReadNextEventAsync());

        Assert.That(next, Is.Null);
        Assert.That(after, Is.InRange(1, 2));
    }

    [Test]
    public async Task ATokenThatExpiresEndsTheStreamThen()
    {
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(10) + (TimeProvider.System.GetUtcNow() - _clock.GetUtcNow()));
        using var stream = await OpenAsync();

        var (next, after) = await AfterAsync(stream.ReadNextEventAsync());

        Assert.That(next, Is.Null);
        Assert.That(after, Is.InRange(9, 11));
    }

    [Test]
    public async Task OneCheckASecondServesEveryListener()
    {
        var users = Enumerable.Range(0, 50).Select(user => $"user {user}").ToList();
        foreach (var user in users)
        {
            await _service.AddMemberAsync(Acme.Id, user);
        }

        var streams = new List<EventStream>();
        foreach (var user in users)
        {
            streams.Add(await OpenAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(user) }));
        }

        await AssertEachSecondOpensAsync(1, seconds: 10);
        streams.ForEach(stream => stream.Dispose());
        await UntilNobodyListensAsync();
        await AssertEachSecondOpensAsync(0, seconds: 10);
    }

    [Test]
    public async Task TheQuestionIsAskedAgainWhenTheSlotEnds()
    {
        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(5));
        using var stream = await OpenAsync();

        await AssertEachSecondOpensAsync(1, seconds: 4);
        await AssertEachSecondOpensAsync(2, seconds: 1);
        await AssertEachSecondOpensAsync(1, seconds: 10);
    }

    [Test]
    public async Task ARelativeQuestionHasANewAnswerAtTheEndOfTheSlotWithoutAWrite()
    {
        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(3));
        using var stream = await OpenAsync(new AnalyticsRequest { Query = "date_range=24h&include=meta" });
        var before = (await _service.SendAsync(new AnalyticsRequest { Query = "date_range=24h&include=meta" }))["ETag"];

        var (next, after) = await AfterAsync(stream.ReadNextEventAsync());

        Assert.That(after, Is.InRange(3, 5));
        Assert.That(next!.Id, Is.Not.EqualTo(before).And.EqualTo((await _service.SendAsync(new AnalyticsRequest { Query = "date_range=24h&include=meta" }))["ETag"]));
    }

    [Test]
    public async Task ALostDatabaseIsLoggedOnceAndTheStreamGoesOn()
    {
        using var stream = await OpenAsync();
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var next = stream.ReadNextEventAsync();

        Database.IsUnavailable = true;
        await AssertEachSecondOpensAsync(1, seconds: 5);
        Assert.That(next.IsCompleted, Is.False);
        Assert.That(_warnings.GetMessages("VersionWatch"), Has.Exactly(1).Contains("The version of organisation 1 cannot be read"));

        Database.IsUnavailable = false;
        var (one, _) = await AfterAsync(next);
        Assert.That(one!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
    }

    [Test]
    public async Task AnAnswerThatCannotBeHadIsNoEventAndIsTriedAgain()
    {
        using var stream = await OpenAsync();
        Database.IsUnavailable = true;
        Assert.That((await AfterAsync(stream.ReadNextAsync())).Next, Is.EqualTo(ServerSentEvent.Comment));
        Assert.That((await AfterAsync(stream.ReadNextAsync())).Next, Is.EqualTo(ServerSentEvent.Comment));
        Assert.That((await AfterAsync(stream.ReadNextAsync())).Next, Is.EqualTo(ServerSentEvent.Comment));
        Assert.That(_warnings.GetMessages("AnalyticsStreamService"), Has.Exactly(1).Contains("A stream of organisation 1 cannot be answered"));

        Database.IsUnavailable = false;
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var (next, _) = await AfterAsync(stream.ReadNextEventAsync());
        Assert.That(next!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
        Assert.That(_warnings.GetMessages("AnalyticsStreamService").Count(), Is.EqualTo(1));
    }

    /// <summary>A stream whose first event has been read.</summary>
    private async Task<EventStream> OpenAsync(AnalyticsRequest? question = null)
    {
        var stream = await _service.OpenStreamAsync(question);
        Assert.That((await stream.ReadNextAsync())!.Data, Is.Not.Null);
        return stream;
    }

    /// <summary>Lets seconds pass until something has come.</summary>
    private async Task<(ServerSentEvent? Next, int Seconds)> AfterAsync(Task<ServerSentEvent?> coming)
    {
        var seconds = 0;
        while (await Task.WhenAny(coming, Task.Delay(TimeSpan.FromMilliseconds(100))) != coming)
        {
            Assert.That(++seconds, Is.LessThan(100), "Nothing has come.");
            _clock.Advance(Second);
        }

        return (await coming, seconds);
    }

    /// <summary>Lets seconds pass, and holds how many connections are opened in each.</summary>
    private async Task AssertEachSecondOpensAsync(int connections, int seconds)
    {
        var before = Database.OpenedConnections;
        for (var second = 1; second <= seconds; second++)
        {
            _clock.Advance(Second);
            await UntilAsync(() => Database.OpenedConnections - before >= connections * second);
        }

        // Time for one too many.
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.That(Database.OpenedConnections - before, Is.EqualTo(connections * seconds));
    }

    private async Task UntilNobodyListensAsync()
    {
        int before;
        do
        {
            before = Database.OpenedConnections;
            _clock.Advance(Second);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
        while (Database.OpenedConnections != before);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), giveUp.Token);
        }
    }
}
