using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>An organisation whose periods are not filled yet: what needs them is unavailable until they are, and all else goes on.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class FillingTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31";
    private const long OtherId = 2;
    private const string Other = "other.example";

    private AnalyticsService _service = null!;
    private CommandLine _analytics = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartAsync(engine);
        _analytics = new CommandLine(_service.Database);
        await _service.HasOrganisationAsync(OtherId, Other);
        await _service.HasMemberAsync(OtherId, Acme.Member);
        await _service.HasSpaceAsync(OtherId, 21, Acme.Sales);
        await _service.HasTasksAsync(OtherId, [new NativeTask("theirs") { CreatedAt = "2024-01-15T12:10:00Z" }.ToLine()], (21, Acme.Sales));
        await _service.HasSalesAsync(new NativeTask("first") { CreatedAt = "2024-01-15T12:10:00Z" }, new NativeTask("second") { CreatedAt = "2024-01-16T00:00:00Z", Agent = "a" });
        await _service.ExecuteAsync("UPDATE organisation_versions SET rollups_revision = -1 WHERE organisation_id = 1");
        await _service.ExecuteAsync("DELETE FROM task_rollups WHERE organisation_id = 1");
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [TestCase(January)]
    [TestCase("date_range=today")]
    [TestCase("end_date=2024-01-31")]
    [TestCase(January + "&interval=day")]
    [TestCase(January + "&compare=previous_period")]
    [TestCase(January + "&group_by=space")]
    [TestCase("group_by=agent")]
    [TestCase("group_by=space,direction")]
    [TestCase("agent=a")]
    [TestCase("direction=&space_token=SALES")]
    public async Task WhatNeedsPeriodsIsUnavailableAndNeverZeros(string query)
    {
        var reply = await AskAsync(query);
        var theirs = await AskAsync(query, Other);

        Assert.That((reply.Status, reply.Message, reply["Retry-After"], reply["ETag"]), Is.EqualTo((503, "Service temporarily unavailable.", "1", (string?)null)));
        Assert.That(theirs.Status, Is.EqualTo(200));
    }

    [TestCase("")]
    [TestCase("space_token=SALES")]
    [TestCase("date_range=all&include=reconciliation,components,meta")]
    [TestCase("group_by=space")]
    public async Task TotalsGoOn(string query) => Assert.That(AnswerRows.Tasks(await AskAsync(query)), Is.EqualTo(2));

    [Test]
    public async Task WritesGoOnAndTheLaterFillHasThem([Values] bool byCommand)
    {
        var theirs = await StateAsync(OtherId);
        await _service.HasSalesAsync(new NativeTask("third") { CreatedAt = "2024-01-31T23:59:00Z" }, new NativeTask("first") { CreatedAt = "2024-01-20T00:00:00Z" }, new NativeTask("second") { Deleted = true });
        await _service.HasSpaceAsync(Acme.Id, 12, "ARCHIVED", status: "archived");

        Assert.That((AnswerRows.Tasks(await AskAsync("")), (await AskAsync(January)).Status, await StoredAsync(Acme.Id)), Is.EqualTo((2, 503, 0)));

        await FillAsync(byCommand);

        Assert.That(await TasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-20", 1), ("2024-01-31", 1) }));
        Assert.That(await StateAsync(OtherId), Is.EqualTo(theirs));
        await AssertIsCleanAsync();

        await _service.HasSalesAsync(new NativeTask("fourth") { CreatedAt = "2024-01-01T00:00:00Z" });
        Assert.That(AnswerRows.Tasks(await AskAsync(January)), Is.EqualTo(3));
        await AssertIsCleanAsync();
    }

    [Test]
    public async Task WhatAnOlderWriterChangedIsFilledAnewAndNotReadBefore()
    {
        await FillAsync(byCommand: false);
        Assert.That(AnswerRows.Tasks(await AskAsync(January)), Is.EqualTo(2));

        await _service.ExecuteAsync("UPDATE organisation_versions SET revision = revision + 1, stamp = 'of an older writer' WHERE organisation_id = 1");
        await _service.ExecuteAsync("UPDATE tasks SET created_at = 1704067200000 WHERE organisation_id = 1 AND task_id = 'first'");
        Assert.That(((await AskAsync(January)).Status, AnswerRows.Tasks(await AskAsync(""))), Is.EqualTo((503, 2)));

        await _service.HasSalesAsync(new NativeTask("third") { CreatedAt = "2024-01-01T12:00:00Z" });
        Assert.That(((await AskAsync(January)).Status, AnswerRows.Tasks(await AskAsync(""))), Is.EqualTo((503, 3)));

        await FillAsync(byCommand: true);
        Assert.That(await TasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-01", 2), ("2024-01-16", 1) }));
        await AssertIsCleanAsync();
    }

    [Test]
    public async Task FillingIsSafeToRepeatAndForSeveralAtOnce()
    {
        var atOnce = await Task.WhenAll(_analytics.RunAsync(["migrate"]), _analytics.RunAsync(["migrate"]));
        var filled = await StoredAsync(Acme.Id);
        var again = await _analytics.RunAsync(["migrate"]);

        Assert.That(atOnce.Select(output => output.ExitCode), Is.All.Zero, string.Concat(atOnce.Select(output => output.Errors)));
        Assert.That(atOnce, Has.Some.Matches<Output>(output => output.Text.Contains("the periods of 1 organisations filled", StringComparison.Ordinal)));
        Assert.That((again.ExitCode, again.Text.Trim(), await StoredAsync(Acme.Id)), Is.EqualTo((0, "The database is up to date.", filled)));
        Assert.That(await TasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-15", 1), ("2024-01-16", 1) }));
        await AssertIsCleanAsync();
    }

    [Test]
    public async Task VerifyNamesWhatIsNotFilledAndRepairFillsIt()
    {
        Assert.That((await _service.VerifyAsync()).Single(recount => recount.Handle == Acme.Handle), Is.InstanceOf<Recount>().With.Property("IsClean").False.And.Property("DifferentPeriods").Null);

        await _service.Services.GetRequiredService<VerifyRollups>().RunAsync(repair: true, CancellationToken.None).ToListAsync();

        await AssertIsCleanAsync();
    }

    [Test]
    public async Task SpacesMayChangeBeforeTheFill()
    {
        await _service.HasSpaceAsync(Acme.Id, 12, "GENERAL", "general");
        await _service.HasTasksAsync(Acme.Id, [new NativeTask("general") { SpaceToken = "GENERAL", CreatedAt = "2024-01-03T00:00:00Z" }.ToLine()], (12, "GENERAL"));
        await _service.HasSpaceAsync(Acme.Id, 12, "GENERAL");
        await _service.HasSpaceAsync(Acme.Id, Acme.SalesId, Acme.Sales, status: "archived");

        await FillAsync(byCommand: false);

        Assert.That(await TasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-03", 1) }));
        await AssertIsCleanAsync();
    }

    private async Task FillAsync(bool byCommand)
    {
        if (byCommand)
        {
            Assert.That((await _analytics.RunAsync(["migrate"])).Text, Does.Contain("the periods of 1 organisations filled"));
        }
        else
        {
            Assert.That(await _service.Services.GetRequiredService<FillPeriods>().RunAsync(CancellationToken.None), Is.EqualTo(1));
        }
    }

    private Task<Reply> AskAsync(string query, string handle = Acme.Handle) => _service.AskAsync(new Question { Handle = handle, Query = query });

    private async Task<IEnumerable<(string, int)>> TasksByDayAsync()
    {
        var reply = await AskAsync($"{January}&interval=day&fill=none");
        return reply.Json["data"]!.Rows("series").Select(day => ($"{day.Time("start"):yyyy-MM-dd}", (int)day.Number("call_status", "total_tasks")));
    }

    private async Task<int> StoredAsync(long organisation)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM task_rollups WHERE organisation_id = @organisation", new { organisation });
    }

    private async Task<(long, string, long, int)> StateAsync(long organisation)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var (revision, stamp, periodsRevision) = await connection.QuerySingleAsync<(long, string, long)>(
            "SELECT revision, stamp, rollups_revision FROM organisation_versions WHERE organisation_id = @organisation", new { organisation });
        return (revision, stamp, periodsRevision, await StoredAsync(organisation));
    }

    private async Task AssertIsCleanAsync() => Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
}
