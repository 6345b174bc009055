using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class ImportTests(DatabaseEngine engine) : DatabaseFixture(engine)
{
    [Test]
    public async Task Lines_of_one_task_are_merged_and_every_line_is_counted()
    {
        await Database.AddOrganisationAsync(1, 10);
        await Database.ImportNativeAsync(1, [CreateTaskLine("old", 5), CreateTaskLine("same", 5), CreateTaskLine("gone", 5)]);
        var rejected = new List<RejectedLine>();

        var counts = await Database.ImportNativeAsync(1,
        [
            CreateTaskLine("new", 1), CreateTaskLine("new", 2), CreateTaskLine("new", 2), CreateTaskLine("new", 1),
            CreateTaskLine("old", 6), CreateTaskLine("old", 4),
            CreateTaskLine("same", 5),
            """{"task_id":"gone","deleted":true,"updated_at":"2026-01-01T00:00:06Z"}""",
            """{"task_id":"never","deleted":true}""",
            "",
            """{"task_id":"bad","space_token":"S99","status":"completed"}""",
        ], rejected.Add);

        Assert.That(counts, Is.EqualTo(new ImportCounts(new WriteCounts(Inserted: 1, Updated: 2, Unchanged: 6), Rejected: 1)));
        Assert.That(counts.Lines, Is.EqualTo(10));
        Assert.That(rejected,
            Is.EqualTo(new[] { new RejectedLine(11, "bad", "space_token names no space of the organisation: import the space first.") }));
    }

    [Test]
    public async Task File_with_interleaved_organisations_is_imported_completely()
    {
        await Database.AddOrganisationAsync(1, 10);
        await Database.AddOrganisationAsync(2, 20);
        await Database.AddOrganisationAsync(3, 30);
        var format = new UnpodFormat(await Database.GetService<SpaceReader>().ReadAllAsync(CancellationToken.None), "unpod.dev");
        const int LineCount = 2 * TaskWriter.MaxBatchSize + 5_002;

        var counts = await Database.ImportAsync(format, string.Join('\n', Enumerable.Range(0, LineCount)
            .Select(i => $$"""{"task_id":"t{{i}}","space_id":"{{((i % 3) + 1) * 10}}","status":"completed"}""")));

        Assert.That(counts.Written, Is.EqualTo(new WriteCounts(LineCount, 0, 0)));
        Assert.That((await Database.VerifyAsync()).Select(recount => (recount.Tasks, recount.IsClean)),
            Is.All.EqualTo((LineCount / 3, true)));
    }

    [Test]
    public async Task Mixed_line_endings_and_lines_longer_than_the_buffer_are_imported()
    {
        await Database.AddOrganisationAsync(1, 10);
        var format = new UnpodFormat(await Database.GetService<SpaceReader>().ReadAllAsync(CancellationToken.None), "unpod.dev");
        var transcript = new string('x', 600_000);

        var counts = await Database.ImportAsync(format,
            $$$"""
            {"task_id":"a","space_id":"10","status":"completed"}{{{"\r"}}}

              {{{"\t"}}}
            {"task_id":"b","space_id":"10","status":"completed","output":{"transcript":"{{{transcript}}}"}}
            {"task_id":"c","space_id":"10","status":"completed"}
            """);

        Assert.That(counts.Written.Inserted, Is.EqualTo(3));
    }

    [Test]
    public async Task Byte_order_mark_is_ignored()
    {
        await Database.AddOrganisationAsync(1, 10);
        var counts = await Database.ImportNativeAsync(1, ["\uFEFF" + CreateTaskLine("a", 1), CreateTaskLine("b", 1)]);
        Assert.That(counts.Written.Inserted, Is.EqualTo(2));
    }

    [Test]
    public async Task Failed_batch_is_rolled_back()
    {
        await Database.AddOrganisationAsync(1, 10);
        await Database.ImportNativeAsync(1, [CreateTaskLine("a", 1)]);
        await ExecuteAsync("UPDATE task_totals SET completed = 0, interested = 0");
        var before = await ReadVersionAsync();

        Assert.ThrowsAsync<RollupCorruptedException>(() => Database.ImportNativeAsync(1,
            [CreateTaskLine("b", 1).Replace("completed", "pending", StringComparison.Ordinal),
                """{"task_id":"a","deleted":true,"updated_at":"2026-01-02T00:00:00Z"}"""]), "the rollup must not fall below zero");

        Assert.That(await ReadVersionAsync(), Is.EqualTo(before));
        Assert.That((await Database.VerifyAsync()).Single().Tasks, Is.EqualTo(1));
    }

    [Test]
    public async Task Version_time_never_decreases_and_stamps_are_unique()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var writer = new TaskWriter(Database.GetService<WriteTransactionRunner>(), Database.GetService<ITaskStore>(), clock);
        await Database.AddOrganisationAsync(1, 10);
        await ExecuteAsync("UPDATE organisation_versions SET changed_at = 0");

        var versions = new List<(long Revision, string Stamp, long ChangedAt)>();
        foreach (var day in new[] { 20_000, 20_001, 20_000 })
        {
            clock.AdjustTime(DateTimeOffset.UnixEpoch.AddDays(day));
            await writer.WriteAsync(1, [CreateWrite($"t{versions.Count}")], CancellationToken.None);
            versions.Add(await ReadVersionAsync());
        }

        const long MillisecondsPerDay = 86_400_000;
        Assert.That(versions.Select(version => version.ChangedAt),
            Is.EqualTo(new[] { 20_000 * MillisecondsPerDay, 20_001 * MillisecondsPerDay, 20_001 * MillisecondsPerDay }));
        Assert.That(versions.Select(version => version.Revision - versions[0].Revision), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(versions.Select(version => version.Stamp), Is.Unique);
    }

    [Test]
    public void Oversized_batch_throws_ArgumentOutOfRangeException() => Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
        Database.GetService<TaskWriter>()
            .WriteAsync(1, [.. Enumerable.Repeat(CreateWrite("t"), TaskWriter.MaxBatchSize + 1)], CancellationToken.None));

    [Test]
    public async Task Repair_fixes_unknown_outcome()
    {
        await Database.AddOrganisationAsync(1, 10);
        await Database.ImportNativeAsync(1, [CreateTaskLine("a", 1)]);
        await ExecuteAsync("UPDATE tasks SET outcome = 'of another version', direction = 'sideways'");
        Assert.That((await Database.VerifyAsync(repair: true)).Single().OutcomeMismatches, Is.EqualTo(1));
        Assert.That((await Database.VerifyAsync()).Single().IsClean);
    }

    [Test]
    public async Task Verify_reports_each_difference_and_repair_fixes_it()
    {
        await Database.AddOrganisationAsync(1, 10);
        await Database.AddOrganisationAsync(2, 20);
        await Database.ImportNativeAsync(1, [CreateTaskLine("a", 1), CreateTaskLine("b", 1)]);
        await ExecuteAsync(
            "UPDATE task_totals SET interested = 5; UPDATE tasks SET outcome = 'other' WHERE task_id = 'b'; INSERT INTO task_totals SELECT 1, 11, 'p', 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0");

        var results = await Database.VerifyAsync();
        Assert.That(results[0] is { Handle: "org1.example", Tasks: 2, OutcomeMismatches: 1 });
        Assert.That(results[0].Differences.Select(difference =>
            (difference.SpaceId, difference.ProductId, difference.Measure, difference.Stored, difference.Recounted)), Is.EqualTo(new[]
        {
            (10L, "unpod.dev", "interested", 5L, 2L), (11L, "p", "calls_other", 1L, 0L), (11L, "p", "completed", 1L, 0L),
        }));
        Assert.That(results[1].IsClean);

        var version = await ReadVersionAsync();
        await Database.VerifyAsync(repair: true);
        Assert.That((await Database.VerifyAsync()).Select(recount => recount.IsClean), Is.All.True);
        Assert.That(await ReadVersionAsync(), Is.Not.EqualTo(version), "a repair increments the version");
    }

    private static TaskWrite CreateWrite(string id) => new()
    {
        TaskId = id,
        UpdatedAt = new Timestamp(1),
        HasUpdatedAt = true,
        HasCreatedAt = true,
        Content = null,
    };

    private static string CreateTaskLine(string id, int second) =>
        $$"""{"task_id":"{{id}}","space_token":"S10","status":"completed","outcome":"Interested","created_at":"2026-01-01","updated_at":"2026-01-01T00:00:0{{second}}Z"}""";

    private static void FailOnRejectedLine(RejectedLine line) => Assert.Fail(line.Reason);

    private async Task<(long, string, long)> ReadVersionAsync()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(long, string, long)>(
            "SELECT revision, stamp, changed_at FROM organisation_versions WHERE organisation_id = 1");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
