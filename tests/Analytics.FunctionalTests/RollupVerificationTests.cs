using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Rollups that differ from the tasks are found, whatever is wrong with them, and repaired.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class RollupVerificationTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31&interval=hour&group_by=agent,direction";

    private AnalyticsService _service = null!;
    private CommandLine _commandLine = null!;
    private IReadOnlyList<string> _rollups = [];

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _commandLine = new CommandLine(_service.Database);
        await _service.AddSpaceAsync(Acme.Id, 12, "GENERAL", "general");
        await _service.AddSalesTasksAsync(
            new NativeTask("second") { CreatedAt = "2024-01-15T12:10:00Z", Agent = "a", Direction = "inbound", SuccessScore = 7.25m },
            new NativeTask("third") { CreatedAt = "2024-01-15T12:20:00Z", ProductId = "unpod.tv" });
        await _service.ImportTasksAsync(
            Acme.Id, [new NativeTask("general") { SpaceToken = "GENERAL", CreatedAt = "2024-01-03T00:00:00Z" }.ToLine()], (12, "GENERAL"));
        _rollups = await ReadRollupsAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    private static IEnumerable<TestCaseData> Corruptions()
    {
        foreach (var granularity in Enum.GetValues<Granularity>().Cast<int>())
        {
            yield return Corruption(
                $"another number of granularity {granularity}",
                $"UPDATE task_rollups SET score_sum = score_sum + 1 WHERE granularity = {granularity} AND space_id = 11 AND scored_calls = 1");
            yield return Corruption($"a lost row of granularity {granularity}",
                $"DELETE FROM task_rollups WHERE granularity = {granularity} AND space_id = 12");
            yield return Corruption($"an orphan of granularity {granularity} where no task is",
                InsertOrphanSql(granularity, space: 11, product: "unpod.dev", start: 1_800_000_000_000));
            yield return Corruption($"an orphan of granularity {granularity} of no space",
                InsertOrphanSql(granularity, space: 13, product: "unpod.dev", start: 1_705_276_800_000));
            yield return Corruption($"an orphan of granularity {granularity} of no product",
                InsertOrphanSql(granularity, space: 11, product: "nobody.has.it", start: 1_705_276_800_000));
        }

        foreach (var granularity in Enum.GetValues<Granularity>().Where(Granularities.HasAllSpaces).Cast<int>())
        {
            yield return Corruption($"another number of all spaces of granularity {granularity}",
                $"UPDATE task_rollups SET completed = completed + 1 WHERE granularity = {granularity} AND space_id = -1");
            yield return Corruption($"a lost row of all spaces of granularity {granularity}",
                $"DELETE FROM task_rollups WHERE granularity = {granularity} AND space_id = -1 AND product_id = 'unpod.tv'");
        }

        yield return Corruption("another run", "UPDATE task_rollups SET member = 'b' WHERE granularity = 6");
        yield return Corruption("another label", "UPDATE task_rollups SET member = 'b' WHERE granularity = 8");
        yield return Corruption("another agent", "UPDATE task_rollups SET agent = 'b' WHERE granularity = 4 AND agent = 'a'");
        yield return Corruption(
            "another direction", "UPDATE task_rollups SET direction = 'outbound' WHERE granularity = 5 AND direction = 'inbound'");
        yield return Corruption(
            "another time", "UPDATE task_rollups SET starts_at = starts_at + 900000 WHERE granularity = 1 AND product_id = 'unpod.tv'");
        yield return Corruption("no row at all", "DELETE FROM task_rollups");
    }

    [TestCaseSource(nameof(Corruptions))]
    public async Task Repair_fixes_rollup_difference(string corruptionSql)
    {
        Assert.That(await _service.ExecuteAsync(corruptionSql), Is.Positive);

        var result = (await _service.VerifyAsync()).Single();
        Assert.That((result.IsClean, result.DifferentRollups > 0, result.Differences, result.OutcomeMismatches),
            Is.EqualTo((false, true, Array.Empty<object>(), 0)));
        Assert.That(await ReadRollupsAsync(), Is.Not.EqualTo(_rollups), "without --repair nothing is repaired");

        await _service.VerifyAsync(repair: true);
        Assert.That(await ReadRollupsAsync(), Is.EqualTo(_rollups));
        Assert.That((await _service.VerifyAsync()).Single().IsClean);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Verify_does_not_wait_for_a_writer(CancellationToken cancellationToken)
    {
        await using var writer = await _service.Services.GetRequiredService<ITaskStore>().BeginAsync(cancellationToken);
        await writer.ExecuteAsync(
            "UPDATE organisation_versions SET revision = revision WHERE organisation_id = 1", new { }, cancellationToken);

        var verifier = _service.Services.GetRequiredService<RollupVerifier>();
        Assert.That(await verifier.RunAsync(repair: false, cancellationToken).ToListAsync(cancellationToken),
            Has.One.Property("IsClean").True);
    }

    [Test]
    public async Task Verify_during_writes_finds_no_difference()
    {
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                await _service.AddSalesTasksAsync(
                    new NativeTask("second") { CreatedAt = $"2024-01-{1 + i:00}T12:10:00Z", Agent = $"a{i}" },
                    new NativeTask($"other {i}") { CreatedAt = "2024-01-15T12:10:00Z" });
            }
        });
        do
        {
            Assert.That((await _service.VerifyAsync()).Single().IsClean);
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Test]
    public async Task Repair_increments_the_version_for_each_day()
    {
        var revision = await ReadRevisionAsync();
        await _service.ExecuteAsync(
            "UPDATE task_rollups SET completed = completed + 1 WHERE granularity = 1 AND space_id > 0 AND product_id = 'unpod.dev'");

        await _service.VerifyAsync(repair: true);

        // 3 and 15 January, and the day of Acme's own task.
        Assert.That(await ReadRevisionAsync(), Is.EqualTo(revision + 3));
    }

    [Test]
    public async Task Verify_command_reports_rollup_differences_and_repairs_them()
    {
        await _service.ExecuteAsync(
            "UPDATE task_rollups SET completed = completed + 5 WHERE product_id = 'unpod.dev' AND granularity < 4 AND space_id = -1");
        var corruptedReply = await _service.SendAsync(new AnalyticsRequest { Query = January });
        var found = await _commandLine.RunAsync(["verify"]);
        var repaired = await _commandLine.RunAsync(["verify", "--repair"]);
        var clean = await _commandLine.RunAsync(["verify"]);
        var repairedReply =
            await _service.SendAsync(new AnalyticsRequest { Query = January, Headers = [("If-None-Match", corruptedReply["ETag"]!)] });

        Assert.That((found.ExitCode, repaired.ExitCode, clean.ExitCode), Is.EqualTo((1, 0, 0)),
            found.StandardError + repaired.StandardError + clean.StandardError);
        Assert.That(found.StandardOutput,
            Does.Match($@"^{Acme.Handle}: \d+ rollups differ from their tasks").And.Contains("run verify --repair"));
        Assert.That(repaired.StandardOutput, Does.Contain("repaired"));
        Assert.That(clean.StandardOutput.Trim(), Is.EqualTo($"{Acme.Handle}: 4 tasks, consistent"));
        Assert.That((repairedReply.Status, ResponseRows.GetTotalTasks(corruptedReply), ResponseRows.GetTotalTasks(repairedReply)),
            Is.EqualTo((200, 6, 1)));
    }

    private static TestCaseData Corruption(string caseName, string sql) => new TestCaseData(sql).SetArgDisplayNames(caseName);

    private static string InsertOrphanSql(int granularity, long space, string product, long start) =>
        $"INSERT INTO task_rollups VALUES (1, {space}, '{product}', {granularity}, {start}, '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)";

    private async Task<long> ReadRevisionAsync()
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("SELECT revision FROM organisation_versions WHERE organisation_id = 1");
    }

    private async Task<IReadOnlyList<string>> ReadRollupsAsync()
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>(
            """
            SELECT CONCAT_WS(' ', space_id, product_id, granularity, starts_at, member, agent, direction, interested, completed, score_sum, scored_calls)
              FROM task_rollups
             WHERE organisation_id = 1
            """);
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
