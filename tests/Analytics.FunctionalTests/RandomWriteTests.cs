using Analytics.Application.Ingestion;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsCheck;
using Dapper;

namespace Analytics.FunctionalTests;

/// <summary>
/// For any writes, in any order and batches, the rollups equal a naive recount of the remaining tasks.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class RandomWriteTests(DatabaseEngine engine)
{
    private static readonly Gen<(TaskWrite[] Writes, int Batch)> Histories =
        Gen.Select(RandomWrites.Generator.Array[1, 60], Gen.Int[1, 25]);

    private TestDatabase _database;
    private long _organisations;

    [OneTimeSetUp]
    public async Task CreateDatabase() => _database = await TestDatabase.CreateAsync(engine);

    [OneTimeTearDown]
    public async Task DropDatabase() => await _database.DisposeAsync();

    [Test]
    public Task Totals_match_a_naive_recount() => Histories.SampleAsync(async history =>
    {
        var organisation = await WriteAsync(history.Writes, history.Batch);
        Assert.That(await ReadTotalsAsync(organisation), Is.EquivalentTo(NaiveRecount(ReferenceRules.ApplyWrites(history.Writes))));
    }, iter: TestDepth.Select(30, 150), threads: 1);

    [Test]
    public async Task Verify_finds_no_difference_after_random_writes()
    {
        await Histories.SampleAsync(history => WriteAsync(history.Writes, history.Batch), iter: TestDepth.Select(10, 50), threads: 1);
        var recounts = await _database.VerifyAsync();
        Assert.That(recounts.Sum(recount => recount.Tasks), Is.Positive);
        Assert.That(recounts.Where(recount => !recount.IsClean), Is.Empty);
        Assert.That(await CountEmptyRollupsAsync(), Is.Zero, "A rollup without tasks is deleted.");
    }

    [Test]
    public Task Order_duplicates_and_batches_do_not_change_the_result() =>
        Gen.Select(Histories, Gen.Int[1, 25], Gen.Int[0, 1_000]).SampleAsync(async (history, otherBatch, seed) =>
    {
        var distinct = history.Writes.Select((write, i) => write with { UpdatedAt = new Timestamp(i) }).ToArray();
        TaskWrite[] shuffled = [.. distinct, .. distinct];
        new Random(seed).Shuffle(shuffled);

        var inOrder = await WriteAsync(distinct, history.Batch);
        var outOfOrder = await WriteAsync(shuffled, otherBatch);

        Assert.That(await ReadTasksAsync(outOfOrder), Is.EqualTo(await ReadTasksAsync(inOrder)));
        Assert.That(await ReadTotalsAsync(outOfOrder), Is.EquivalentTo(await ReadTotalsAsync(inOrder)));
    }, iter: TestDepth.Select(12, 60), threads: 1);

    [Test]
    public Task Every_write_is_counted_once_and_replay_changes_nothing() => Histories.SampleAsync(async history =>
    {
        var distinct = history.Writes.Select((write, i) => write with { UpdatedAt = new Timestamp(i) }).ToArray();
        var organisation = await CreateOrganisationAsync();
        var first = await WriteAsync(organisation, distinct, history.Batch);
        var version = await ReadVersionAsync(organisation);
        var replayed = await WriteAsync(organisation, distinct, history.Batch);

        Assert.That(first.Inserted + first.Updated + first.Unchanged, Is.EqualTo(distinct.Length));
        Assert.That(replayed, Is.EqualTo(new WriteCounts(0, 0, distinct.Length)));
        Assert.That(await ReadVersionAsync(organisation), Is.EqualTo(version));
    }, iter: TestDepth.Select(12, 60), threads: 1);

    private static IEnumerable<(long, string, string)> NaiveRecount(IEnumerable<TaskContent> tasks) =>
        from task in tasks
        group task by (task.SpaceId, task.ProductId) into grouping
        let calls = grouping.Where(task => task.ExecutionType == "call").ToList()
        select (grouping.Key.SpaceId, grouping.Key.ProductId, string.Join(' ',
        [
            .. new[] { "interested", "call_back", "send_details", "not_interested", "not_connected", "failed", "other" }.Select(
                name => calls.Count(call => ReferenceRules.ClassifyOutcome(call) == name)),
            .. new[] { "pending", "in_progress", "completed", "failed", "hold" }.Select(
                status => grouping.Count(task => task.Status == status)),
            calls.Sum(call => (long)(call.SuccessScore ?? 0)), calls.Count(call => call.SuccessScore is not null),
            calls.Sum(call => call.Duration ?? 0), calls.Count(call => call.Duration is not null),
        ]));

    private async Task<long> WriteAsync(TaskWrite[] writes, int batch)
    {
        var organisation = await CreateOrganisationAsync();
        await WriteAsync(organisation, writes, batch);
        return organisation;
    }

    private async Task<WriteCounts> WriteAsync(long organisation, TaskWrite[] writes, int batch)
    {
        var counts = WriteCounts.None;
        foreach (var part in writes.Chunk(batch))
        {
            counts += await _database.GetService<TaskWriter>().WriteAsync(organisation, part, CancellationToken.None);
        }

        return counts;
    }

    private async Task<long> CreateOrganisationAsync()
    {
        var organisation = Interlocked.Increment(ref _organisations);
        await _database.AddOrganisationAsync(organisation);
        return organisation;
    }

    private async Task<IEnumerable<(long, string, string)>> ReadTotalsAsync(long organisation)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        return await connection.QueryAsync<(long, string, string)>(
            """
            SELECT space_id, product_id,
                   CONCAT_WS(' ', interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other,
                             pending, in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
              FROM task_totals
             WHERE organisation_id = @organisation
               AND pending + in_progress + completed + tasks_failed + tasks_other > 0
            """,
            new { organisation });
    }

    private async Task<IEnumerable<(string, long, string?)>> ReadTasksAsync(long organisation)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        return await connection.QueryAsync<(string, long, string?)>(
            "SELECT task_id, updated_at, CONCAT_WS(' ', space_id, product_id, status, label, outcome) FROM tasks WHERE organisation_id = @organisation ORDER BY task_id",
            new { organisation });
    }

    private async Task<(long, string)> ReadVersionAsync(long organisation)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, string)>(
            "SELECT revision, stamp FROM organisation_versions WHERE organisation_id = @organisation", new { organisation });
    }

    private async Task<long> CountEmptyRollupsAsync()
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM task_rollups r WHERE {RollupColumns.IsEmpty}");
    }
}
