using Analytics.Domain.Metrics;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class GroupQueryTests(DatabaseEngine engine)
{
    private const int MaxRows = 250_000;

    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() =>
        _service = await Acme.StartServiceAsync(engine, ("Timeouts:CommandSeconds", "30"), ("Timeouts:RequestSeconds", "60"));

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Label_group_is_spelt_as_its_newest_task_also_outside_of_the_window()
    {
        await _service.AddSalesTasksAsync(
            new NativeTask("old") { Outcome = "Wrong Number", CreatedAt = "2026-01-01T00:00:00Z" },
            new NativeTask("new") { Outcome = "wrong_number ", CreatedAt = "2026-02-01T00:00:00Z" });

        Assert.That(await GetGroupsAsync("group_by=label&start_date=2026-01-01&end_date=2026-01-02", "label"),
            Is.EqualTo(new[] { ("wrong_number ", 1) }));
    }

    [Test]
    public async Task Run_and_label_that_lost_their_last_task_are_no_groups()
    {
        await _service.AddSalesTasksAsync(
            new NativeTask("first") { Deleted = true },
            new NativeTask("moved") { RunId = "r1", Outcome = "Voicemail", UpdatedAt = "2026-01-01T00:00:00Z" },
            new NativeTask("deleted") { RunId = "r3", Outcome = "Interested", UpdatedAt = "2026-01-01T00:00:00Z" });
        await _service.AddSalesTasksAsync(
            new NativeTask("moved") { RunId = "r2", Outcome = "Call Back", UpdatedAt = "2026-01-02T00:00:00Z" },
            new NativeTask("deleted") { Deleted = true, UpdatedAt = "2026-01-02T00:00:00Z" });

        Assert.That(await GetGroupsAsync("group_by=run", "run_id"), Is.EqualTo(new[] { ("r2", 1) }));
        Assert.That(await GetGroupsAsync("group_by=label", "label"), Is.EqualTo(new[] { ("Call Back", 1) }));
    }

    [TestCase("space", "space_token", "space_token"), TestCase("agent", "agent", "agent"), TestCase("direction", "direction", "direction")]
    [TestCase("run", "run_id", "run_id"), TestCase("label", "label", "label")]
    public async Task List_behind_a_group_has_its_length(string dimension, string field, string filter)
    {
        await _service.AddSalesTasksAsync(Enumerable.Range(0, 60).Select(number => new NativeTask($"t{number}")
        {
            RunId = number % 4 == 0 ? null : $"run {number % 4}",
            Agent = number % 5 == 0 ? null : $"agent {number % 5}",
            Direction = number % 3 == 0 ? null : number % 3 == 1 ? "inbound" : "outbound",
            Outcome = number % 6 == 0 ? null : $"Label_{number % 6}",
        }));

        var groups = await GetGroupsAsync($"group_by={dimension}", field);
        foreach (var (value, count) in groups)
        {
            var pages = await _service.ListAllPagesAsync($"{filter}={Uri.EscapeDataString(value)}&limit=7&include=total");
            Assert.That(pages.Sum(page => page.GetTaskIds().Count), Is.EqualTo(count), value);
            Assert.That(pages.Select(page => (int?)page.Json["data"]!["total"]), Is.All.Null.Or.EqualTo(count), value);
        }

        Assert.That(groups.Sum(group => group.Count), Is.EqualTo(61));
    }

    // The rollups that a filter discards are read too.
    [TestCase(0, "", 200), TestCase(1, "", 400), TestCase(1, "&direction=inbound", 400), TestCase(1, "&agent=a&space_token=SALES", 400)]
    public async Task Query_that_reads_more_rollups_than_the_limit_returns_400(int excess, string filter, int status)
    {
        await _service.AddSalesTasksAsync(new NativeTask("first") { Deleted = true });
        const int RowsOfStatement = 25_000;
        var digit = string.Join(" UNION ALL ", Enumerable.Range(0, 10).Select(value => $"SELECT {value} AS i"));
        foreach (var numbers in Enumerable.Range(1, MaxRows + excess).Chunk(RowsOfStatement))
        {
            await _service.ExecuteAsync(
                $"""
                INSERT INTO task_rollups
                SELECT 1, {Acme.SalesSpaceId}, 'unpod.dev', {(int)Granularity.RunDay}, 0, CONCAT('run ', i), 'a', '',
                       0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0
                  FROM (SELECT {numbers[0]} + a.i + (10 * b.i) + (100 * c.i) + (1000 * d.i) + (10000 * e.i) AS i
                          FROM ({digit}) a CROSS JOIN ({digit}) b CROSS JOIN ({digit}) c CROSS JOIN ({digit}) d CROSS JOIN ({digit}) e) n
                 WHERE i <= {numbers[^1]}
                """);
        }

        var reply = await _service.SendAsync(new AnalyticsRequest { Query = $"group_by=run&limit=1{filter}" });

        Assert.That((reply.Status, (string?)reply.Json["code"]), Is.EqualTo((status, status == 400 ? "too_many_rows" : null)));
        Assert.That(reply.Message, status == 400 ? Does.Contain($"{MaxRows} rows") : Is.Not.Empty);
    }

    private async Task<IReadOnlyList<(string Value, int Count)>> GetGroupsAsync(string query, string field)
    {
        var reply = await _service.SendAsync(new AnalyticsRequest { Query = query });
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        return
        [
            .. reply.Json["data"]!.GetRows("groups")
                .Select(row => ((string)row[field]!, (int)row.GetNumber("call_status", "total_tasks"))),
        ];
    }
}
