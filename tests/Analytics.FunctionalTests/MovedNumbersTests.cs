using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>What is added up in one answer is of one version: where a write comes between its statements, they are asked again.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class MovedNumbersTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31&include=reconciliation,components";

    private Meddler _meddler = null!;
    private AnalyticsService _service = null!;
    private int _written;

    [SetUp]
    public async Task StartAsync()
    {
        _meddler = new Meddler();
        _service = await Acme.StartServiceAsync(engine, parts =>
        {
            var engineReader = parts.Last(part => part.ServiceType == typeof(IRollupReader)).ImplementationType!;
            parts.AddSingleton<IRollupReader>(services => _meddler.Before((IRollupReader)ActivatorUtilities.CreateInstance(services, engineReader)));
        });
        _written = 0;
        await WriteAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [TestCase("", 1)]
    [TestCase("", 2)]
    [TestCase("&interval=day", 1)]
    [TestCase("&interval=hour&group_by=agent,direction&compare=previous_period", 2)]
    [TestCase("&group_by=space", 2)]
    public async Task AnAnswerIsAskedAgainAndIsOfOneVersion(string blocks, int moves)
    {
        _meddler.Write = WriteAsync;
        _meddler.Moves = moves;
        var reply = await AskAsync(January + blocks);
        var again = await _service.SendAsync(new AnalyticsRequest { Query = January + blocks, Headers = [("If-None-Match", reply["ETag"]!)] });
        var data = reply.Json["data"]!;

        Assert.That((reply.Status, ResponseRows.GetTotalTasks(reply), _written), Is.EqualTo((200, 1 + moves, 1 + moves)));
        Assert.That(again.Status, Is.EqualTo(304), "the tag is of the version that the numbers are of");
        foreach (var block in new[] { "series", "groups" }.Where(block => data[block] is not null))
        {
            Assert.That(ResponseRows.FormatSums(data.GetRows(block)), Is.EqualTo(ResponseRows.FormatSums(data)), block);
        }
    }

    [TestCase("")]
    [TestCase("&interval=hour&group_by=agent,direction&compare=previous_period")]
    public async Task TheThirdTimeIsOfOneVersionWhoeverWritesOrIsUnavailable(string blocks)
    {
        _meddler.Write = WriteAsync;
        _meddler.Moves = int.MaxValue;
        var moved = await AskAsync(January + blocks);
        var written = _written;

        if (engine == DatabaseEngine.SqlServer)
        {
            Assert.That((moved.Status, moved.Message, moved["Retry-After"], written), Is.EqualTo((503, "Service temporarily unavailable.", "1", 1 + 3)));
        }
        else
        {
            Assert.That((moved.Status, ResponseRows.GetTotalTasks(moved)), Is.EqualTo((200, 1 + ((written - 1) * 2 / 3))), "what was written before the third time began");
        }

        _meddler.Moves = 0;
        var still = await AskAsync(January);
        Assert.That((still.Status, ResponseRows.GetTotalTasks(still)), Is.EqualTo((200, written)));
    }

    [Test]
    public async Task ThePageOfAListAndItsTotalAreOfOneVersionTheThirdTimeWhoeverWrites()
    {
        _meddler.Write = WriteAsync;
        _meddler.Moves = int.MaxValue;
        var moved = await _service.SendAsync(new AnalyticsRequest { Path = TaskListRequests.Path, Query = $"{January.Split("&include")[0]}&include=total" });

        if (engine == DatabaseEngine.SqlServer)
        {
            Assert.That((moved.Status, moved["Retry-After"]), Is.EqualTo((503, "1")), "It has no snapshot without a setting of the database");
            return;
        }

        Assert.That(moved.Status, Is.EqualTo(200));
        Assert.That(((int)moved.Json["data"]!["total"]!, moved.Json["data"]!.GetRows("tasks").Length), Is.EqualTo((_written - 1, _written - 1)), "what was written before the third time began");
    }

    [Test]
    public async Task ASpaceThatIsArchivedInBetweenIsNotHalfInTheAnswer()
    {
        _meddler.Write = () => _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken, status: "archived");
        _meddler.Moves = 1;
        var reply = await AskAsync($"{January}&group_by=space&interval=day&fill=none");

        Assert.That(ResponseRows.GetTotalTasks(reply), Is.Zero);
        Assert.That((reply.Json["data"]!.GetRows("series"), reply.Json["data"]!.GetRows("groups")), Is.EqualTo((Array.Empty<object>(), Array.Empty<object>())));
    }

    private Task<Reply> AskAsync(string query) => _service.SendAsync(new AnalyticsRequest { Query = query });

    private Task WriteAsync() => _service.AddSalesTasksAsync(new NativeTask($"t{_written++}") { CreatedAt = "2024-01-15T12:10:00Z", Agent = "a" });

    /// <summary>Lets somebody write before the periods are read, as often as it is told to.</summary>
    private sealed class Meddler : IRollupReader
    {
        private IRollupReader _reader = null!;

        public Func<Task> Write { get; set; } = () => Task.CompletedTask;

        public int Moves { get; set; }

        public Meddler Before(IRollupReader reader)
        {
            _reader = reader;
            return this;
        }

        public async Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
        {
            if (Moves > 0)
            {
                Moves--;
                await Write();
            }

            return await _reader.SumAsync(connection, query, cancellationToken);
        }

        public Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) => _reader.BeginSnapshotAsync(connection, cancellationToken);
    }
}
