using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>All numbers of one response are of one version: after a concurrent write, the query is repeated.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class ConcurrentChangeTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31&include=reconciliation,components";

    private InterferingRollupReader _interferingReader = null!;
    private AnalyticsService _service = null!;
    private int _taskCount;

    [SetUp]
    public async Task StartAsync()
    {
        _interferingReader = new InterferingRollupReader();
        _service = await Acme.StartServiceAsync(engine, serviceCollection =>
        {
            var engineReader = serviceCollection.Last(descriptor => descriptor.ServiceType == typeof(IRollupReader)).ImplementationType!;
            serviceCollection.AddSingleton<IRollupReader>(
                services => _interferingReader.Decorate((IRollupReader)ActivatorUtilities.CreateInstance(services, engineReader)));
        });
        _taskCount = 0;
        await WriteAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [TestCase("", 1)]
    [TestCase("", 2)]
    [TestCase("&interval=day", 1)]
    [TestCase("&interval=hour&group_by=agent,direction&compare=previous_period", 2)]
    [TestCase("&group_by=space", 2)]
    public async Task Query_is_retried_on_concurrent_change_and_reads_one_version(string queryOptions, int changeCount)
    {
        _interferingReader.Write = WriteAsync;
        _interferingReader.RemainingWrites = changeCount;
        var reply = await SendAsync(January + queryOptions);
        var revalidation = await _service.SendAsync(
            new AnalyticsRequest { Query = January + queryOptions, Headers = [("If-None-Match", reply["ETag"]!)] });
        var data = reply.Json["data"]!;

        Assert.That((reply.Status, ResponseRows.GetTotalTasks(reply), _taskCount), Is.EqualTo((200, 1 + changeCount, 1 + changeCount)));
        Assert.That(revalidation.Status, Is.EqualTo(304), "the ETag is of the same version as the numbers");
        foreach (var section in new[] { "series", "groups" }.Where(section => data[section] is not null))
        {
            Assert.That(ResponseRows.FormatSums(data.GetRows(section)), Is.EqualTo(ResponseRows.FormatSums(data)), section);
        }
    }

    // Sums and groups are a statement each, and a write comes before each.
    [TestCase("", 1)]
    [TestCase("&interval=hour&group_by=agent,direction&compare=previous_period", 2)]
    public async Task Third_attempt_reads_snapshot_or_returns_503(string queryOptions, int writesPerAttempt)
    {
        _interferingReader.Write = WriteAsync;
        _interferingReader.RemainingWrites = int.MaxValue;
        var reply = await SendAsync(January + queryOptions);
        var taskCount = _taskCount;

        if (engine == DatabaseEngine.SqlServer)
        {
            Assert.That((reply.Status, reply.Message, reply["Retry-After"], taskCount),
                Is.EqualTo((503, "Service temporarily unavailable.", "1", 1 + (3 * writesPerAttempt))));
        }
        else
        {
            Assert.That((reply.Status, ResponseRows.GetTotalTasks(reply)), Is.EqualTo((200, 1 + (2 * writesPerAttempt))),
                "all writes before the third attempt");
            Assert.That(taskCount, Is.EqualTo(1 + (3 * writesPerAttempt)));
        }

        _interferingReader.RemainingWrites = 0;
        var afterwards = await SendAsync(January);
        Assert.That((afterwards.Status, ResponseRows.GetTotalTasks(afterwards)), Is.EqualTo((200, taskCount)));
    }

    [Test]
    public async Task Third_attempt_reads_task_page_and_total_from_one_snapshot_or_returns_503()
    {
        _interferingReader.Write = WriteAsync;
        _interferingReader.RemainingWrites = int.MaxValue;
        var reply = await _service.SendAsync(
            new AnalyticsRequest { Path = TaskListRequests.Path, Query = $"{January.Split("&include")[0]}&include=total" });

        if (engine == DatabaseEngine.SqlServer)
        {
            Assert.That((reply.Status, reply["Retry-After"]), Is.EqualTo((503, "1")),
                "SQL Server has snapshots only with a setting of the database");
            return;
        }

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(((int)reply.Json["data"]!["total"]!, reply.Json["data"]!.GetRows("tasks").Length),
            Is.EqualTo((_taskCount - 1, _taskCount - 1)), "all writes before the third attempt");
    }

    [Test]
    public async Task Space_archived_during_the_query_is_excluded_from_all_sections()
    {
        _interferingReader.Write = () => _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");
        _interferingReader.RemainingWrites = 1;
        var reply = await SendAsync($"{January}&group_by=space&interval=day&fill=none");

        Assert.That(ResponseRows.GetTotalTasks(reply), Is.Zero);
        Assert.That((reply.Json["data"]!.GetRows("series"), reply.Json["data"]!.GetRows("groups")),
            Is.EqualTo((Array.Empty<object>(), Array.Empty<object>())));
    }

    private Task<Reply> SendAsync(string query) => _service.SendAsync(new AnalyticsRequest { Query = query });

    private Task WriteAsync() =>
        _service.AddSalesTasksAsync(new NativeTask($"t{_taskCount++}") { CreatedAt = "2024-01-15T12:10:00Z", Agent = "a" });

    /// <summary>Writes before the rollups are read, as often as it is told to.</summary>
    private sealed class InterferingRollupReader : IRollupReader
    {
        private IRollupReader _reader = null!;

        public Func<Task> Write { get; set; } = () => Task.CompletedTask;

        public int RemainingWrites { get; set; }

        public InterferingRollupReader Decorate(IRollupReader reader)
        {
            _reader = reader;
            return this;
        }

        public async Task<IReadOnlyList<RollupSum>> SumAsync(
            DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
        {
            await WriteIfToldAsync();
            return await _reader.SumAsync(connection, query, cancellationToken);
        }

        public async Task<IReadOnlyList<GroupSum>> GroupAsync(
            DbConnection connection, RollupQuery query, Grouping grouping, CancellationToken cancellationToken)
        {
            await WriteIfToldAsync();
            return await _reader.GroupAsync(connection, query, grouping, cancellationToken);
        }

        public Task<IReadOnlyDictionary<string, string>> ReadSpellingsAsync(
            DbConnection connection, long organisationId, string productId, IReadOnlyCollection<string> labels,
            CancellationToken cancellationToken) =>
            _reader.ReadSpellingsAsync(connection, organisationId, productId, labels, cancellationToken);

        public Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
            _reader.BeginSnapshotAsync(connection, cancellationToken);

        private async Task WriteIfToldAsync()
        {
            if (RemainingWrites > 0)
            {
                RemainingWrites--;
                await Write();
            }
        }
    }
}
