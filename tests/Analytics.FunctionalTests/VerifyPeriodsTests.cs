using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Periods that are not those of the tasks are found, whatever is wrong with them, and mended.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class VerifyPeriodsTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31&interval=hour&group_by=agent,direction";

    private AnalyticsService _service = null!;
    private CommandLine _analytics = null!;
    private IReadOnlyList<string> _periods = [];

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _analytics = new CommandLine(_service.Database);
        await _service.AddSpaceAsync(Acme.Id, 12, "GENERAL", "general");
        await _service.AddSalesTasksAsync(
            new NativeTask("second") { CreatedAt = "2024-01-15T12:10:00Z", Agent = "a", Direction = "inbound", SuccessScore = 7.25m },
            new NativeTask("third") { CreatedAt = "2024-01-15T12:20:00Z", ProductId = "unpod.tv" });
        await _service.ImportTasksAsync(Acme.Id, [new NativeTask("general") { SpaceToken = "GENERAL", CreatedAt = "2024-01-03T00:00:00Z" }.ToLine()], (12, "GENERAL"));
        _periods = await PeriodsAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    private static IEnumerable<TestCaseData> Damages()
    {
        foreach (var granularity in Enumerable.Range(1, 6))
        {
            yield return Damage($"another number of granularity {granularity}", $"UPDATE task_rollups SET score_sum = score_sum + 1 WHERE granularity = {granularity} AND space_id = 11 AND scored_calls = 1");
            yield return Damage($"a lost row of granularity {granularity}", $"DELETE FROM task_rollups WHERE granularity = {granularity} AND space_id = 12");
            yield return Damage($"an orphan of granularity {granularity} where no task is", Orphan(granularity, space: 11, product: "unpod.dev", start: 1_800_000_000_000));
            yield return Damage($"an orphan of granularity {granularity} of no space", Orphan(granularity, space: 13, product: "unpod.dev", start: 1_705_276_800_000));
            yield return Damage($"an orphan of granularity {granularity} of no product", Orphan(granularity, space: 11, product: "nobody.has.it", start: 1_705_276_800_000));
        }

        foreach (var granularity in Enumerable.Range(1, 3))
        {
            yield return Damage($"another number of all spaces of granularity {granularity}", $"UPDATE task_rollups SET completed = completed + 1 WHERE granularity = {granularity} AND space_id = -1");
            yield return Damage($"a lost row of all spaces of granularity {granularity}", $"DELETE FROM task_rollups WHERE granularity = {granularity} AND space_id = -1 AND product_id = 'unpod.tv'");
        }

        yield return Damage("another agent", "UPDATE task_rollups SET agent = 'b' WHERE granularity = 4 AND agent = 'a'");
        yield return Damage("another direction", "UPDATE task_rollups SET direction = 'outbound' WHERE granularity = 5 AND direction = 'inbound'");
        yield return Damage("another time", "UPDATE task_rollups SET starts_at = starts_at + 900000 WHERE granularity = 1 AND product_id = 'unpod.tv'");
        yield return Damage("no row at all", "DELETE FROM task_rollups");
    }

    [TestCaseSource(nameof(Damages))]
    public async Task ADifferenceIsFoundAndMended(string damage)
    {
        Assert.That(await _service.ExecuteAsync(damage), Is.Positive);

        var found = (await _service.VerifyAsync()).Single();
        Assert.That((found.IsClean, found.DifferentRollups > 0, found.Differences, found.OutcomeMismatches), Is.EqualTo((false, true, Array.Empty<object>(), 0)));
        Assert.That(await PeriodsAsync(), Is.Not.EqualTo(_periods), "without --repair nothing is mended");

        await _service.VerifyAsync(repair: true);
        Assert.That(await PeriodsAsync(), Is.EqualTo(_periods));
        Assert.That((await _service.VerifyAsync()).Single().IsClean);
    }

    [Test]
    public async Task TheCommandNamesWhatDiffersAndRepairsIt()
    {
        await _service.ExecuteAsync("UPDATE task_rollups SET completed = completed + 5 WHERE product_id = 'unpod.dev' AND granularity < 4 AND space_id = -1");
        var damaged = await _service.SendAsync(new AnalyticsRequest { Query = January });
        var found = await _analytics.RunAsync(["verify"]);
        var repaired = await _analytics.RunAsync(["verify", "--repair"]);
        var clean = await _analytics.RunAsync(["verify"]);
        var mended = await _service.SendAsync(new AnalyticsRequest { Query = January, Headers = [("If-None-Match", damaged["ETag"]!)] });

        Assert.That((found.ExitCode, repaired.ExitCode, clean.ExitCode), Is.EqualTo((1, 0, 0)), found.StandardError + repaired.StandardError + clean.StandardError);
        Assert.That(found.StandardOutput, Does.Match($@"^{Acme.Handle}: \d+ stretches of time are not what their tasks say").And.Contains("run verify --repair"));
        Assert.That(repaired.StandardOutput, Does.Contain("repaired"));
        Assert.That(clean.StandardOutput.Trim(), Is.EqualTo($"{Acme.Handle}: 4 tasks, the numbers are those of the tasks"));
        Assert.That((mended.Status, ResponseRows.GetTotalTasks(damaged), ResponseRows.GetTotalTasks(mended)), Is.EqualTo((200, 6, 1)));
    }

    private static TestCaseData Damage(string what, string sql) => new TestCaseData(sql).SetArgDisplayNames(what);

    private static string Orphan(int granularity, long space, string product, long start) =>
        $"INSERT INTO task_rollups VALUES (1, {space}, '{product}', {granularity}, {start}, '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)";

    private async Task<IReadOnlyList<string>> PeriodsAsync()
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>(
            """
            SELECT CONCAT_WS(' ', space_id, product_id, granularity, starts_at, agent, direction, interested, completed, score_sum, scored_calls)
              FROM task_rollups
             WHERE organisation_id = 1
            """);
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
