using System.Collections.Concurrent;
using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A rebuild runs in chunks: pushes go on between them, and a query gets the right numbers or a 503.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class RollupRebuildTests(DatabaseEngine engine)
{
    private const int HourCount = 31 * 24;
    private const int TasksOfOneInstant = 10_500;

    private static readonly DateTimeOffset January = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Instant = January.AddDays(20).AddHours(7);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tasks = new(StringComparer.Ordinal);
    private AnalyticsService _service = null!;
    private int _taskCount;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _tasks.Clear();

        // The tasks of one instant are one chunk, and the others two.
        _taskCount = TasksOfOneInstant + (_service.Services.GetRequiredService<ITaskStore>().BatchSize * 5 / 4);
        foreach (var i in Enumerable.Range(0, _taskCount))
        {
            _tasks[$"t{i}"] = i < TasksOfOneInstant ? Instant : January.AddHours(i % HourCount).AddMinutes(i % 60);
        }

        await _service.AddSalesTasksAsync(_tasks.Select(task => CreateTask(task.Key, task.Value)));
        await MarkStaleAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Rebuild_killed_between_chunks_completes_when_rerun_while_pushes_go_on()
    {
        var transactions = 0;
        var statuses = new List<int[]>();
        var store = new InterceptedStore(_service.Services.GetRequiredService<ITaskStore>(), async () =>
        {
            await PushAsync(transactions++);
            statuses.Add(await AssertRightOrUnavailableAsync());
            if (transactions % 2 == 0)
            {
                throw new OperationCanceledException("A process that is killed before this transaction.");
            }
        });
        var backfill = CreateBackfill(store);

        var kills = 0;
        while (await ReadWatermarkAsync() != 0)
        {
            try
            {
                await backfill.RunAsync(CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                kills++;
            }
        }

        Assert.That(kills, Is.GreaterThan(2));
        Assert.That(statuses, Has.Some.Matches<int[]>(seen => seen.Contains(200) && seen.Contains(503)),
            "the newest times are available first");
        Assert.That(await AssertRightOrUnavailableAsync(), Is.All.EqualTo(200));
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
    }

    [Test]
    public async Task Query_during_a_rebuild_returns_right_numbers_or_503()
    {
        var rebuild = Task.Run(() => CreateBackfill(_service.Services.GetRequiredService<ITaskStore>()).RunAsync(CancellationToken.None));
        do
        {
            await AssertRightOrUnavailableAsync();
        }
        while (!rebuild.IsCompleted);
        await rebuild;

        Assert.That(await AssertRightOrUnavailableAsync(), Is.All.EqualTo(200));
    }

    [Test]
    public async Task Only_the_start_of_a_rebuild_increments_the_version()
    {
        var revision = await ReadRevisionAsync();
        await CreateBackfill(_service.Services.GetRequiredService<ITaskStore>()).RunAsync(CancellationToken.None);
        Assert.That(await ReadRevisionAsync(), Is.EqualTo(revision + 1));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Killed_migrate_process_leaves_a_rebuild_that_completes_when_rerun(CancellationToken cancellationToken)
    {
        var commandLine = new CommandLine(_service.Database);
        using (var migrate = commandLine.Start(["migrate"]))
        {
            while (await ReadWatermarkAsync() is null && !migrate.HasExited)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            migrate.Kill();
            await migrate.WaitForExitAsync(cancellationToken);
        }

        await PushAsync(1);
        await AssertRightOrUnavailableAsync();
        Assert.That((await commandLine.RunAsync(["migrate"])).ExitCode, Is.Zero);
        Assert.That(await AssertRightOrUnavailableAsync(), Is.All.EqualTo(200));
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
    }

    [Test]
    public async Task Wrong_quarter_hour_of_a_day_with_many_tasks_is_found_and_repaired()
    {
        await CreateBackfill(_service.Services.GetRequiredService<ITaskStore>()).RunAsync(CancellationToken.None);
        await _service.ExecuteAsync(
            "UPDATE task_rollups SET completed = completed + 1 WHERE organisation_id = 1 AND space_id = 11 AND granularity = 6 AND starts_at = @start",
            new { start = Instant.ToUnixTimeMilliseconds() });

        Assert.That((await _service.VerifyAsync()).Single() is { DifferentRollups: > 0, Tasks: var tasks } && tasks == _taskCount + 1);
        await _service.VerifyAsync(repair: true);
        Assert.That((await _service.VerifyAsync()).Single().IsClean);
    }

    [Test]
    public async Task Repair_of_many_rollups_is_several_transactions()
    {
        const int BatchSize = 2;
        const int MaxRollups = 15 * BatchSize;
        var dayStart = new Timestamp(Instant.AddHours(-7).ToUnixTimeMilliseconds());
        await CreateBackfill(_service.Services.GetRequiredService<ITaskStore>()).RunAsync(CancellationToken.None);
        var deleted = await _service.ExecuteAsync(
            "DELETE FROM task_rollups WHERE organisation_id = 1 AND granularity NOT IN (5, 10) AND starts_at >= @start AND starts_at < @end",
            new { start = dayStart.UnixMilliseconds, end = dayStart.UnixMilliseconds + 86_400_000 });
        var transactions = 0;
        var store = new InterceptedStore(_service.Services.GetRequiredService<ITaskStore>(), () => Task.FromResult(transactions++))
        {
            BatchSize = BatchSize,
        };

        await CreateRepair(store).RepairDayAsync(
            Acme.Id, "unpod.dev", dayStart, new HashSet<long> { Acme.SalesSpaceId }, CancellationToken.None);

        Assert.That(deleted, Is.GreaterThan(3 * MaxRollups));
        Assert.That(transactions, Is.EqualTo((deleted + MaxRollups - 1) / MaxRollups));
        Assert.That((await _service.VerifyAsync()).Single().IsClean);
    }

    [Test]
    public async Task Repair_of_many_outcomes_is_several_transactions()
    {
        const int BatchSize = 4_000;
        await CreateBackfill(_service.Services.GetRequiredService<ITaskStore>()).RunAsync(CancellationToken.None);
        var changed = await _service.ExecuteAsync(
            "UPDATE tasks SET outcome = 'other' WHERE organisation_id = 1 AND created_at = @instant",
            new { instant = Instant.ToUnixTimeMilliseconds() });
        var transactions = 0;
        var store = new InterceptedStore(_service.Services.GetRequiredService<ITaskStore>(), () => Task.FromResult(transactions++))
        {
            BatchSize = BatchSize,
        };

        await CreateRepair(store).RepairDayAsync(
            Acme.Id, "unpod.dev", new Timestamp(Instant.AddHours(-7).ToUnixTimeMilliseconds()), new HashSet<long> { Acme.SalesSpaceId },
            CancellationToken.None);

        // One corrects the rollups, and one finds nothing in each of the other hours.
        const int Batches = (TasksOfOneInstant + BatchSize - 1) / BatchSize;
        Assert.That((changed, transactions), Is.EqualTo((TasksOfOneInstant, 1 + 23 + Batches)));
        Assert.That((await _service.VerifyAsync()).Single().IsClean);
    }

    private static NativeTask CreateTask(string id, DateTimeOffset createdAt) =>
        new(id) { CreatedAt = $"{createdAt:yyyy-MM-ddTHH:mm:ssZ}", Agent = $"agent-{id.Length}" };

    // Inserts, moves in both directions over all times, and deletes.
    private async Task PushAsync(int round)
    {
        var random = new Random(round);
        var changes = Enumerable.Range(0, 50).Select(i => CreateTask($"new-{round}-{i}", January.AddHours(random.Next(HourCount))))
            .Concat(Enumerable.Range(0, 50)
                .Select(_ => CreateTask($"t{random.Next(_taskCount)}", January.AddHours(random.Next(HourCount)))))
            .Concat(Enumerable.Range(0, 20).Select(i => new NativeTask($"t{(round * 1_000) + (i * 40)}") { Deleted = true }))
            .DistinctBy(task => task.TaskId)
            .ToList();
        Assert.That((await _service.PushAsync(changes)).Status, Is.EqualTo(200));
        foreach (var task in changes)
        {
            if (task.Deleted == true)
            {
                _tasks.TryRemove(task.TaskId, out _);
            }
            else
            {
                _tasks[task.TaskId] = DateTimeOffset.Parse(task.CreatedAt!, System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }

    // The statuses of queries of different windows, after their numbers were checked.
    private async Task<int[]> AssertRightOrUnavailableAsync()
    {
        // The task of another time is Acme's own.
        Assert.That(ResponseRows.GetTotalTasks(await _service.SendAsync()), Is.EqualTo(_tasks.Count + 1), "totals are always available");
        var statuses = new List<int>();
        foreach (var day in new[] { 1, 6, 11, 16, 21, 26, 31 })
        {
            foreach (var (zone, offset, options) in new[] {
                ("UTC", 0.0, "&interval=day"), ("Asia/Kolkata", 5.5, ""), ("UTC", 0.0, "&group_by=agent"),
                ("Asia/Kolkata", 5.5, "&group_by=run"), ("Asia/Kathmandu", 5.75, "&group_by=label") })
            {
                var from = January.AddDays(day - 1).AddHours(-offset);
                var to = January.AddDays(31).AddHours(-offset);
                var reply = await _service.SendAsync(new AnalyticsRequest
                {
                    Query = $"start_date=2024-01-{day:00}&end_date=2024-01-31&timezone={zone}{options}",
                });
                statuses.Add(reply.Status);
                if (reply.Status == 503)
                {
                    Assert.That(reply["Retry-After"], Is.Not.Null);
                    continue;
                }

                Assert.That(reply.Status, Is.EqualTo(200));
                Assert.That(ResponseRows.GetTotalTasks(reply), Is.EqualTo(_tasks.Values.Count(at => at >= from && at < to)),
                    $"{day}, {zone}{options}");
                foreach (var section in new[] { "series", "groups" }.Where(section => reply.Json["data"]![section] is not null))
                {
                    var sum = reply.Json["data"]!.GetRows(section).Sum(row => row.GetNumber("call_status", "total_tasks"));
                    Assert.That(sum, Is.EqualTo(ResponseRows.GetTotalTasks(reply)), section);
                }
            }
        }

        return [.. statuses];
    }

    private RollupBackfill CreateBackfill(ITaskStore store) => new(
        _service.Services.GetRequiredService<DbDataSource>(),
        new WriteTransactionRunner(store, TimeProvider.System),
        store,
        _service.Services.GetRequiredService<SqlDialect>(),
        TimeProvider.System);

    private RollupRepair CreateRepair(ITaskStore store) => new(
        new WriteTransactionRunner(store, TimeProvider.System),
        store,
        _service.Services.GetRequiredService<SqlDialect>(),
        TimeProvider.System);

    private Task<int> MarkStaleAsync() =>
        _service.ExecuteAsync("UPDATE organisation_versions SET revision = revision + 1 WHERE organisation_id = 1");

    private Task<long> ReadRevisionAsync() => ScalarAsync<long>("SELECT revision FROM organisation_versions WHERE organisation_id = 1");

    // Null while the rollups are stale.
    private Task<long?> ReadWatermarkAsync() => ScalarAsync<long?>(
        "SELECT CASE WHEN rollups_revision = revision THEN rollups_from END FROM organisation_versions WHERE organisation_id = 1");

    private async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
