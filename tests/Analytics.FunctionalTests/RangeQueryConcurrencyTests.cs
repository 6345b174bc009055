using System.Collections.Concurrent;
using Analytics.Application;
using Analytics.Application.Ingestion;
using Analytics.Domain;
using Analytics.Application.Tests.Reporting.Parsing;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Each response about a range is of one version, whatever is written concurrently.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class RangeQueryConcurrencyTests(DatabaseEngine engine)
{
    private const int WriterCount = 4;
    private const int BatchesPerWriter = 15;
    private const string Year = "start_date=2023-03-01&end_date=2024-02-29&include=reconciliation,components";

    private static readonly string[] Queries =
    [
        $"{Year}&interval=day&group_by=agent,direction&limit=3",
        $"{Year}&interval=week&group_by=space&timezone=Asia/Kathmandu",
        $"{Year}&interval=month&group_by=agent&agent=a&agent=",
        "date_range=all&include=reconciliation,components&group_by=direction",
    ];

    private AnalyticsService _service = null!;
    private SemaphoreSlim _responseSignal = null!;
    private int _lastUpdate;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await AnalyticsService.StartAsync(engine, _ => { });
        await _service.AddHistoryAsync(1, new RandomHistory(TestQuery.ParseTime("2024-02-28T00:00:00Z"), [], 1));
        _responseSignal = new SemaphoreSlim(0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _service.DisposeAsync();
        _responseSignal.Dispose();
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Responses_during_writes_are_consistent_and_an_ETag_has_one_body(CancellationToken cancellationToken)
    {
        var writing =
            Task.WhenAll(Enumerable.Range(0, WriterCount).Select(_ => Task.Run(() => WriteAsync(cancellationToken), cancellationToken)));
        var responses = new ConcurrentBag<(string? ETag, string Body)>();
        await Task.WhenAll(Queries.Select(query => ReadUntilAsync(query, writing, responses)));
        await writing;

        Assert.That(responses.Select(response => response.ETag).Distinct().Count(), Is.GreaterThan(10), "readers received many versions");
        Assert.That(responses.Distinct().GroupBy(response => response.ETag).Where(sameETag => sameETag.Count() > 1), Is.Empty,
            "equal ETags mean equal responses");
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True.And.All.Property("Tasks").Positive);
    }

    // Each writer has its own connections, and on SQLite its own queue, like another process; none outruns the readers.
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await using var services =
            new ServiceCollection().AddSingleton(TimeProvider.System).AddDatabase(_service.Database).AddIngestion().BuildServiceProvider();
        for (var batch = 0; batch < BatchesPerWriter; batch++)
        {
            await _responseSignal.WaitAsync(cancellationToken);
            var writes = RandomHistory.GenerateWrite(TestQuery.ParseTime("2024-02-28T00:00:00Z")).Array[25].Single()
                .Select(write => write.InOrganisationSpace(1) with { UpdatedAt = new Timestamp(Interlocked.Increment(ref _lastUpdate)) });
            await services.GetRequiredService<TaskWriter>().WriteAsync(1, [.. writes], cancellationToken);
        }
    }

    private async Task ReadUntilAsync(string query, Task writing, ConcurrentBag<(string? ETag, string Body)> responses)
    {
        while (!writing.IsCompleted)
        {
            var reply = await _service.SendAsync(
                new AnalyticsRequest { Handle = RandomHistoryExtensions.GetHandle(1), Product = "a", Query = query });
            _responseSignal.Release();
            if (reply.Status == 503)
            {
                // The third concurrent change during one request: rare, and reported as 503.
                Assert.That(reply["Retry-After"], Is.Not.Null);
                continue;
            }

            var data = reply.Json["data"]!;
            foreach (var section in new[] { "series", "groups" }.Where(section => data[section] is not null))
            {
                Assert.That(ResponseRows.FormatSums(data.GetRows(section)), Is.EqualTo(ResponseRows.FormatSums(data)),
                    $"{query}: {section}");
            }

            ResponseRows.AssertConsistent(data);
            responses.Add((reply["ETag"], reply.Body));
        }
    }
}
