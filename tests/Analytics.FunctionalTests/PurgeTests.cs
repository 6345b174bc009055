using System.Data.Common;
using System.Globalization;
using Analytics.Application.Storage;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A purge deletes tasks through the same writer as pushes, so that rollups always match the remaining tasks.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class PurgeTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;
    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _commandLine = new CommandLine(_service.Database);
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Purge_deletes_only_older_tasks_and_updates_the_counts()
    {
        await AddOtherOrganisationAsync();
        await _service.AddSalesTasksAsync(
            new NativeTask("old") { CreatedAt = "2023-12-31T23:59:59.999Z", Outcome = "Interested", SuccessScore = 7 },
            new NativeTask("morning") { CreatedAt = "2024-01-15T00:00:00Z", Agent = "asha" },
            new NativeTask(
                "last before") { CreatedAt = "2024-01-15T11:59:59.999Z", Agent = "asha", Direction = "inbound", DurationSeconds = 60 },
            new NativeTask("noon") { CreatedAt = "2024-01-15T12:00:00Z", Agent = "ben" },
            new NativeTask("other product") { CreatedAt = "2024-01-15T11:00:00Z", ProductId = "unpod.tv" });

        await AssertDeletesAsync(1, "--before", "2024-01-15");
        Assert.That(await CountTasksAsync(), Is.EqualTo((All: 4, Days: 3, Agents: 2)));

        await AssertDeletesAsync(3, "--before", "2024-01-15T17:30:00+05:30");
        Assert.That(await CountTasksAsync(), Is.EqualTo((All: 2, Days: 1, Agents: 1)));
        await AssertDeletesAsync(0, "--before", "2024-01-15T12:00:00");

        await AssertDeletesAsync(2);
        Assert.That(await CountTasksAsync(), Is.EqualTo((All: 0, Days: 0, Agents: 0)));
        await AssertDeletesAsync(0);
        Assert.That(ResponseRows.GetTotalTasks(await _service.SendAsync(new AnalyticsRequest { Handle = "other.example" })), Is.EqualTo(1));
    }

    [Test]
    public async Task Purged_tasks_stay_deleted_when_reimported()
    {
        var futureTime = TimeProvider.System.GetUtcNow().AddHours(12).ToString("O", CultureInfo.InvariantCulture);
        NativeTask[] export =
            [new("a") { UpdatedAt = "2024-01-15T12:00:00Z" }, new("b") { UpdatedAt = futureTime, CreatedAt = "2024-01-15T12:00:00Z" }];
        await _service.AddSalesTasksAsync(export);

        await AssertDeletesAsync(3);
        await _service.AddSalesTasksAsync(export[0], export[1] with { UpdatedAt = "2024-01-16T12:00:00Z" });

        Assert.That(await CountTasksAsync(), Is.EqualTo((All: 0, Days: 0, Agents: 0)));
    }

    [TestCase("DELETE FROM task_rollups"), TestCase("UPDATE task_rollups SET completed = 0"),
        TestCase("UPDATE task_totals SET completed = 0")]
    public async Task Purge_with_corrupted_rollups_fails_with_hint_to_repair(string corruptionSql)
    {
        await _service.AddSalesTasksAsync(new NativeTask("a"));
        await using (var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync())
        {
            await connection.ExecuteAsync(corruptionSql);
        }

        var failed = await _commandLine.RunAsync(["tasks", "purge", "--organisation", Acme.Handle]);
        var repaired = await _commandLine.RunAsync(["verify", "--repair"]);

        Assert.That((failed.ExitCode, repaired.ExitCode), Is.EqualTo((1, 0)));
        Assert.That(failed.StandardError, Does.Contain("run \"analytics verify --repair\".").And.Not.Contain("   at "));
        await AssertDeletesAsync(2);
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Killed_purge_leaves_whole_batches_and_completes_when_rerun(CancellationToken cancellationToken)
    {
        var batchSize = _service.Services.GetRequiredService<ITaskStore>().BatchSize;
        var taskCount = Math.Max(12_000, batchSize * 5 / 2);
        await _service.AddSalesTasksAsync(
            Enumerable.Range(0, taskCount).Select(i => new NativeTask($"t{i}") { CreatedAt = $"2024-01-{1 + (i % 28):00}T00:00:00Z" }));
        using (var purge = _commandLine.Start(["tasks", "purge", "--organisation", Acme.Handle]))
        {
            while ((await CountTasksAsync()).All > taskCount - batchSize + 1)
            {
                Assert.That(purge.HasExited, Is.False);
                cancellationToken.ThrowIfCancellationRequested();
            }

            purge.Kill();
            await purge.WaitForExitAsync(cancellationToken);
        }

        var remaining = (await CountTasksAsync()).All;
        Assert.That((remaining - 1) % batchSize, Is.EqualTo(taskCount % batchSize), $"{remaining} remain");
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
        await AssertDeletesAsync(remaining);
    }

    private async Task AddOtherOrganisationAsync()
    {
        await _service.AddOrganisationAsync(2, "other.example");
        await _service.AddMemberAsync(2, Acme.MemberUserId);
        await _service.AddSpaceAsync(2, 21, Acme.SalesToken);
        await _service.ImportTasksAsync(
            2, [new NativeTask("old") { CreatedAt = "2023-12-31T23:59:59.999Z" }.ToLine()], (21, Acme.SalesToken));
    }

    private async Task AssertDeletesAsync(int tasks, params string[] options)
    {
        var output = await _commandLine.RunAsync(["tasks", "purge", "--organisation", Acme.Handle, .. options]);
        Assert.That((output.ExitCode, output.StandardOutput.Trim()), Is.EqualTo((0, $"acme.example: deleted {tasks}, unchanged 0")),
            output.StandardError);
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
    }

    // The number of all tasks by the totals; of those of January 2024, by day; and of their agents.
    private async Task<(int All, int Days, int Agents)> CountTasksAsync()
    {
        const string January = "start_date=2024-01-01&end_date=2024-01-31";
        var days = await _service.SendAsync(new AnalyticsRequest { Query = $"{January}&interval=day" });
        var agents = await _service.SendAsync(new AnalyticsRequest { Query = $"{January}&group_by=agent" });
        return (
            ResponseRows.GetTotalTasks(await _service.SendAsync()),
            (int)days.Json["data"]!.GetRows("series").Sum(row => row.GetNumber("call_status", "total_tasks")),
            agents.Json["data"]!.GetRows("groups").Length);
    }
}
