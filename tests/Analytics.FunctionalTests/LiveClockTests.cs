using Analytics.Application.Reporting.Parsing;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>What a stream does at which time, by a clock that only the test moves.</summary>
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
            Assert.That(await AfterAsync(stream.ReadNextAsync(), atLeast: 15, atMost: 16), Is.EqualTo(ServerSentEvent.Comment));
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

        var one = await AfterAsync(next, atLeast: 1, atMost: 3);
        var another = await AfterAsync(stream.ReadNextAsync(), atLeast: 12, atMost: 15);

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

        Assert.That(await AfterAsync(stream.ReadNextEventAsync(), atLeast: 30, atMost: 31), Is.Null);
    }

    [Test]
    public async Task ALostMembershipGetsNoFurtherEvent()
    {
        using var stream = await OpenAsync();
        await _service.ReplaceMembersAsync(Acme.Id, "someone else");
        await _service.AddSalesTasksAsync(new NativeTask("secret"));

        Assert.That(await AfterAsync(stream.ReadNextEventAsync(), atLeast: 1, atMost: 2), Is.Null);
    }

    [Test]
    public async Task ATokenThatExpiresEndsTheStreamThen()
    {
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(10) + (TimeProvider.System.GetUtcNow() - _clock.GetUtcNow()));
        using var stream = await OpenAsync();

        Assert.That(await AfterAsync(stream.ReadNextEventAsync(), atLeast: 9, atMost: 11), Is.Null);
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

        var next = await AfterAsync(stream.ReadNextEventAsync(), atLeast: 3, atMost: 5);

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
        Assert.That(_warnings.GetMessages("OrganisationVersionPoller"), Has.Exactly(1).Contains("The version of organisation 1 cannot be read"));

        Database.IsUnavailable = false;
        var one = await AfterAsync(next, atLeast: 1, atMost: 3);
        Assert.That(one!.Id, Is.EqualTo((await _service.SendAsync())["ETag"]));
    }

    [Test]
    public async Task AnAnswerThatCannotBeHadIsNoEventAndIsTriedAgain()
    {
        using var stream = await OpenAsync();
        Database.IsUnavailable = true;
        for (var comment = 1; comment <= 3; comment++)
        {
            Assert.That(await AfterAsync(stream.ReadNextAsync(), atLeast: 15, atMost: 16), Is.EqualTo(ServerSentEvent.Comment));
        }

        Assert.That(_warnings.GetMessages("AnalyticsStreamService"), Has.Exactly(1).Contains("A stream of organisation 1 cannot be answered"));

        Database.IsUnavailable = false;
        await _service.AddSalesTasksAsync(new NativeTask("second"));
        var next = await AfterAsync(stream.ReadNextEventAsync(), atLeast: 1, atMost: 3);
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

    /// <summary>What comes after so many seconds by the clock. A second is over when the version was polled.</summary>
    private async Task<ServerSentEvent?> AfterAsync(Task<ServerSentEvent?> coming, int atLeast, int atMost)
    {
        for (var second = 1; second < atLeast; second++)
        {
            var before = Database.OpenedConnections;
            _clock.Advance(Second);
            await UntilAsync(() => Database.OpenedConnections > before || coming.IsCompleted);
            Assert.That(coming.IsCompleted, Is.False, $"It has come after {second} s");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100));
        Assert.That(coming.IsCompleted, Is.False, $"It has come before {atLeast} s");
        for (var second = atLeast; second <= atMost && !coming.IsCompleted; second++)
        {
            _clock.Advance(Second);
            await Task.WhenAny(coming, Task.Delay(second < atMost ? Second : Patience));
        }

        Assert.That(coming.IsCompleted, $"Nothing has come after {atMost} s");
        return await coming;
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
        for (var quiet = 0; quiet < 3; quiet++)
        {
            var before = Database.OpenedConnections;
            _clock.Advance(Second);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            quiet = Database.OpenedConnections == before ? quiet : -1;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), giveUp.Token);
        }
    }
}
