using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>
/// An organisation without backfilled rollups: queries that need them are unavailable until then, and everything else succeeds.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class RollupBackfillTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31";
    private const long OtherId = 2;
    private const string OtherHandle = "other.example";

    private AnalyticsService _service = null!;
    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _commandLine = new CommandLine(_service.Database);
        await _service.AddOrganisationAsync(OtherId, OtherHandle);
        await _service.AddMemberAsync(OtherId, Acme.MemberUserId);
        await _service.AddSpaceAsync(OtherId, 21, Acme.SalesToken);
        await _service.ImportTasksAsync(
            OtherId, [new NativeTask("theirs") { CreatedAt = "2024-01-15T12:10:00Z" }.ToLine()], (21, Acme.SalesToken));
        await _service.AddSalesTasksAsync(new NativeTask("first") { CreatedAt = "2024-01-15T12:10:00Z" },
            new NativeTask("second") { CreatedAt = "2024-01-16T00:00:00Z", Agent = "a" });
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
    public async Task Query_that_needs_missing_rollups_returns_503(string query)
    {
        var reply = await SendAsync(query);
        var otherReply = await SendAsync(query, OtherHandle);

        Assert.That((reply.Status, reply.Message, reply["Retry-After"], reply["ETag"]),
            Is.EqualTo((503, "Service temporarily unavailable.", "1", (string?)null)));
        Assert.That(otherReply.Status, Is.EqualTo(200));
    }

    [TestCase("")]
    [TestCase("space_token=SALES")]
    [TestCase("date_range=all&include=reconciliation,components,meta")]
    [TestCase("group_by=space")]
    public async Task Totals_are_available_without_rollups(string query) =>
        Assert.That(ResponseRows.GetTotalTasks(await SendAsync(query)), Is.EqualTo(2));

    [Test]
    public async Task Backfill_includes_writes_made_before_it([Values] bool byCommand)
    {
        var otherState = await ReadStateAsync(OtherId);
        await _service.AddSalesTasksAsync(new NativeTask("third") { CreatedAt = "2024-01-31T23:59:00Z" },
            new NativeTask("first") { CreatedAt = "2024-01-20T00:00:00Z" }, new NativeTask("second") { Deleted = true });
        await _service.AddSpaceAsync(Acme.Id, 12, "ARCHIVED", status: "archived");

        Assert.That((ResponseRows.GetTotalTasks(await SendAsync("")), (await SendAsync(January)).Status, await CountRollupsAsync(Acme.Id)),
            Is.EqualTo((2, 503, 0)));

        await BackfillAsync(byCommand);

        Assert.That(await CountTasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-20", 1), ("2024-01-31", 1) }));
        Assert.That(await ReadStateAsync(OtherId), Is.EqualTo(otherState));
        await AssertRollupsConsistentAsync();

        await _service.AddSalesTasksAsync(new NativeTask("fourth") { CreatedAt = "2024-01-01T00:00:00Z" });
        Assert.That(ResponseRows.GetTotalTasks(await SendAsync(January)), Is.EqualTo(3));
        await AssertRollupsConsistentAsync();
    }

    [Test]
    public async Task Rollups_stale_after_an_older_writer_return_503_until_backfilled()
    {
        await BackfillAsync(byCommand: false);
        Assert.That(ResponseRows.GetTotalTasks(await SendAsync(January)), Is.EqualTo(2));

        await _service.ExecuteAsync(
            "UPDATE organisation_versions SET revision = revision + 1, stamp = 'of an older writer' WHERE organisation_id = 1");
        await _service.ExecuteAsync("UPDATE tasks SET created_at = 1704067200000 WHERE organisation_id = 1 AND task_id = 'first'");
        Assert.That(((await SendAsync(January)).Status, ResponseRows.GetTotalTasks(await SendAsync(""))), Is.EqualTo((503, 2)));

        await _service.AddSalesTasksAsync(new NativeTask("third") { CreatedAt = "2024-01-01T12:00:00Z" });
        Assert.That(((await SendAsync(January)).Status, ResponseRows.GetTotalTasks(await SendAsync(""))), Is.EqualTo((503, 3)));

        await BackfillAsync(byCommand: true);
        Assert.That(await CountTasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-01", 2), ("2024-01-16", 1) }));
        await AssertRollupsConsistentAsync();
    }

    [Test]
    public async Task Backfill_is_idempotent_and_safe_to_run_concurrently()
    {
        var concurrent = await Task.WhenAll(_commandLine.RunAsync(["migrate"]), _commandLine.RunAsync(["migrate"]));
        var rollupCount = await CountRollupsAsync(Acme.Id);
        var repeated = await _commandLine.RunAsync(["migrate"]);

        Assert.That(concurrent.Select(output => output.ExitCode), Is.All.Zero,
            string.Concat(concurrent.Select(output => output.StandardError)));
        Assert.That(concurrent, Has.Some.Matches<CommandResult>(
            output => output.StandardOutput.Contains("the rollups of 1 organisations backfilled", StringComparison.Ordinal)));
        Assert.That((repeated.ExitCode, repeated.StandardOutput.Trim(), await CountRollupsAsync(Acme.Id)),
            Is.EqualTo((0, "The database is up to date.", rollupCount)));
        Assert.That(await CountTasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-15", 1), ("2024-01-16", 1) }));
        await AssertRollupsConsistentAsync();
    }

    [Test]
    public async Task Verify_reports_missing_rollups_and_repair_backfills_them()
    {
        Assert.That((await _service.VerifyAsync()).Single(recount => recount.Handle == Acme.Handle),
            Is.InstanceOf<VerificationResult>().With.Property("IsClean").False.And.Property("DifferentRollups").Null);

        await _service.Services.GetRequiredService<RollupVerifier>().RunAsync(repair: true, CancellationToken.None).ToListAsync();

        await AssertRollupsConsistentAsync();
    }

    [Test]
    public async Task Backfill_includes_space_changes_made_before_it()
    {
        await _service.AddSpaceAsync(Acme.Id, 12, "GENERAL", "general");
        await _service.ImportTasksAsync(
            Acme.Id, [new NativeTask("general") { SpaceToken = "GENERAL", CreatedAt = "2024-01-03T00:00:00Z" }.ToLine()], (12, "GENERAL"));
        await _service.AddSpaceAsync(Acme.Id, 12, "GENERAL");
        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");

        await BackfillAsync(byCommand: false);

        Assert.That(await CountTasksByDayAsync(), Is.EqualTo(new[] { ("2024-01-03", 1) }));
        await AssertRollupsConsistentAsync();
    }

    private async Task BackfillAsync(bool byCommand)
    {
        if (byCommand)
        {
            Assert.That((await _commandLine.RunAsync(["migrate"])).StandardOutput,
                Does.Contain("the rollups of 1 organisations backfilled"));
        }
        else
        {
            Assert.That(await _service.Services.GetRequiredService<RollupBackfill>().RunAsync(CancellationToken.None), Is.EqualTo(1));
        }
    }

    private Task<Reply> SendAsync(string query, string handle = Acme.Handle) =>
        _service.SendAsync(new AnalyticsRequest { Handle = handle, Query = query });

    private async Task<IEnumerable<(string, int)>> CountTasksByDayAsync()
    {
        var reply = await SendAsync($"{January}&interval=day&fill=none");
        return reply.Json["data"]!.GetRows("series")
            .Select(day => ($"{day.GetTime("start"):yyyy-MM-dd}", (int)day.GetNumber("call_status", "total_tasks")));
    }

    private async Task<int> CountRollupsAsync(long organisation)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            "SELECT COUNT(*) FROM task_rollups WHERE organisation_id = @organisation", new { organisation });
    }

    private async Task<(long, string, long, int)> ReadStateAsync(long organisation)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var (revision, stamp, rollupsRevision) = await connection.QuerySingleAsync<(long, string, long)>(
            "SELECT revision, stamp, rollups_revision FROM organisation_versions WHERE organisation_id = @organisation",
            new { organisation });
        return (revision, stamp, rollupsRevision, await CountRollupsAsync(organisation));
    }

    private async Task AssertRollupsConsistentAsync() =>
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
}
