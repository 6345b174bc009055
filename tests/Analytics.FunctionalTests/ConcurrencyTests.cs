using System.Collections.Concurrent;
using Analytics.Application;
using Analytics.Application.Ingestion;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Many concurrent reads and writes of one organisation, as from several processes.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class ConcurrencyTests(DatabaseEngine engine)
{
    private const int Writers = 8;
    private const int BatchesPerWriter = 12;
    private const int TaskCount = 60;

    private static readonly string[] Labels = ["Interested", "Call Back", "Send Details", "Not Interested", "Not Connected", "Failed"];
    private static readonly string[] Statuses = ["completed", "failed"];

    private AnalyticsService _service = null!;
    private SemaphoreSlim _responses = null!;
    private int _lastUpdate;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _responses = new SemaphoreSlim(0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _service.DisposeAsync();
        _responses.Dispose();
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Concurrent_writes_lose_no_update_and_every_read_is_consistent(CancellationToken cancellationToken)
    {
        var written = new ConcurrentBag<TaskWrite>();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers)
            .Select(seed => Task.Run(() => WriteAsync(new Random(seed), written, cancellationToken), cancellationToken)));
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadUntilAsync(writing)));
        await writing;
        var responses = (await reading).SelectMany(responses => responses).ToList();

        Assert.That(responses.Select(response => response.ETag).Distinct().Count(), Is.GreaterThan(10), "readers received many versions");
        Assert.That(responses.Distinct().GroupBy(response => response.ETag).Where(etag => etag.Count() > 1), Is.Empty,
            "equal ETags mean equal responses");

        var latest = written.GroupBy(write => write.TaskId, StringComparer.Ordinal)
            .Select(task => task.MaxBy(write => write.UpdatedAt.UnixMilliseconds)!);
        Assert.That(await ReadStoredTasksAsync(),
            Is.EquivalentTo(latest.Select(write => (write.TaskId, write.UpdatedAt.UnixMilliseconds, write.Content!.Label!))));
        await using var verification = CreateServices();
        var recounts = verification.GetRequiredService<Application.Rollups.RollupVerifier>().RunAsync(repair: false, cancellationToken);
        Assert.That(await recounts.ToListAsync(cancellationToken), Is.Not.Empty.And.All.Property("IsClean").True);
    }

    // Each writer has its own connections, and on SQLite its own queue, like another process; none outruns the readers.
    private async Task WriteAsync(Random random, ConcurrentBag<TaskWrite> written, CancellationToken cancellationToken)
    {
        await using var services = CreateServices();
        for (var batch = 0; batch < BatchesPerWriter; batch++)
        {
            await _responses.WaitAsync(cancellationToken);
            var writes = Enumerable.Range(0, 25).Select(_ => CreateRandomWrite(random)).ToList();
            await services.GetRequiredService<TaskWriter>().WriteAsync(Acme.Id, writes, cancellationToken);
            writes.ForEach(written.Add);
        }
    }

    // Every task is a call with one of the six outcomes and one of the four statuses, so that the parts add up to the totals.
    private TaskWrite CreateRandomWrite(Random random) => new()
    {
        TaskId = $"t{random.Next(TaskCount)}",
        UpdatedAt = new Timestamp(Interlocked.Increment(ref _lastUpdate)),
        HasUpdatedAt = true,
        HasCreatedAt = true,
        Content = new TaskContent
        {
            SpaceId = Acme.SalesSpaceId,
            ProductId = "unpod.dev",
            RunId = "",
            Agent = "",
            Direction = Direction.None,
            ExecutionType = "call",
            Status = Statuses[random.Next(Statuses.Length)],
            Label = Labels[random.Next(Labels.Length)],
            Outcome = null,
            SuccessScore = null,
            Duration = null,
            CreatedAt = new Timestamp(1),
        }.WithClassifiedOutcome(),
    };

    private async Task<List<(string ETag, string Body)>> ReadUntilAsync(Task writing)
    {
        var responses = new List<(string, string)>();
        while (!writing.IsCompleted)
        {
            var reply = await _service.SendAsync();
            Assert.That(reply.Status, Is.EqualTo(200));
            var calls = reply.Json["data"]!["call_analytics"]!;
            var tasks = reply.Json["data"]!["call_status"]!;
            var outcomes = new[] { "interested", "call_back", "send_details", "not_interested", "not_connected", "failed" }.Sum(
                name => (long)calls[name]!);
            var statuses = new[] { "completed", "failed", "pending", "in_progress" }.Sum(name => (long)tasks[name]!);
            Assert.That(new[] { outcomes, statuses, (long)tasks["total_tasks"]! }, Is.All.EqualTo((long)calls["total_calls"]!));
            responses.Add((reply["ETag"]!, reply.Body));
            _responses.Release();
        }

        return responses;
    }

    private ServiceProvider CreateServices() =>
        new ServiceCollection().AddSingleton(TimeProvider.System).AddDatabase(_service.Database).AddIngestion().BuildServiceProvider();

    private async Task<IEnumerable<(string, long, string)>> ReadStoredTasksAsync()
    {
        await using var services = CreateServices();
        await using var connection = await services.GetRequiredService<System.Data.Common.DbDataSource>().OpenConnectionAsync();
        return await connection.QueryAsync<(string, long, string)>("SELECT task_id, updated_at, label FROM tasks WHERE task_id <> 'first'");
    }
}
