using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>For any tasks and any query, the response equals a naive count over the remaining tasks.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class RandomQueryTests(DatabaseEngine engine)
{
    private static readonly Gen<(RandomHistory History, RandomRequest[] Queries)> HistoriesWithQueries =
        from history in RandomHistory.Generator
        from queries in RandomRequest.Generate(history.Now).Array[1, 30]
        select (history, queries);

    private readonly FakeTimeProvider _clock = new();
    private AnalyticsService _service = null!;
    private long _organisations;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _service = await AnalyticsService.StartAsync(engine, services => services.AddSingleton<TimeProvider>(_clock));

    [OneTimeTearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public Task Random_query_matches_naive_count() => HistoriesWithQueries.SampleAsync(async sample =>
    {
        var organisation = Interlocked.Increment(ref _organisations);
        _clock.AdjustTime(DateTimeOffset.FromUnixTimeMilliseconds(sample.History.Now.UnixMilliseconds));
        await _service.AddHistoryAsync(organisation, sample.History);
        foreach (var randomQuery in sample.Queries)
        {
            var reply = await _service.SendAsync(new AnalyticsRequest {
                Handle = RandomHistoryExtensions.GetHandle(organisation), Product = randomQuery.Product, Query = randomQuery.Query });
            AssertMatchesNaiveCount(reply, randomQuery, RandomHistoryExtensions.GetHandle(organisation), sample.History);
        }
    }, iter: TestDepth.Select(12, 60), threads: 1, print: sample => $"{sample.Queries.Length} queries");

    private static void AssertMatchesNaiveCount(Reply reply, RandomRequest randomQuery, string handle, RandomHistory history)
    {
        var windows = new ReferenceWindows(randomQuery, history.Now);
        if (windows.ExpectedErrors.Count > 0)
        {
            Assert.That(reply.Status, Is.EqualTo(400), randomQuery.Query);
            var errors = reply.Json["errors"]!.AsObject();
            Assert.That(errors.Select(error => error.Key), Is.EquivalentTo(windows.ExpectedErrors.Keys), randomQuery.Query);
            Assert.That(windows.ExpectedErrors, Has.All.Matches<KeyValuePair<string, string>>(expected =>
                errors[expected.Key]![0]!.GetValue<string>().Contains(expected.Value, StringComparison.Ordinal)), randomQuery.Query);
            return;
        }

        if (randomQuery.Space > RandomHistory.IncludedSpaceCount)
        {
            Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Space not found.")), randomQuery.Query);
            return;
        }

        Assert.That(reply.Status, Is.EqualTo(200), randomQuery.Query);
        Assert.That(
            ReferenceResponse.ToJson(Normalize(reply.Json["data"]!)),
            Is.EqualTo(ReferenceResponse.ToJson(Normalize(
                new ReferenceResponse(randomQuery, windows, handle, history.Now)
                    .CreateData(history.GetIncludedTasks(randomQuery.Product))))),
            $"{randomQuery.Query} at {history.Now}");
    }

    // The spelling of a label is that of any of its tasks, also of those that the query does not count. The instants of the next window
    // may be future, where the system's tz database may have another offset.
    private static JsonNode Normalize(JsonNode data)
    {
        foreach (var row in data["groups"]?.AsArray().OfType<JsonObject>().Where(row => row.ContainsKey("label")) ?? [])
        {
            row["label"] = ReferenceResponse.NormalizeLabel((string)row["label"]!);
        }

        foreach (var bound in new[] { "start_date", "end_date" })
        {
            if (data["meta"]?["next"] is JsonObject next && (string)next[bound]! is var text && text.Contains('T', StringComparison.Ordinal))
            {
                next[bound] = $"{next.GetTime(bound):u}";
            }
        }

        return data;
    }
}
