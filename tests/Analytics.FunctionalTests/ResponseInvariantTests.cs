using System.Text.Json.Nodes;
using Analytics.Application.Tests.Reporting.Parsing;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>What holds for every response and for related ones, whatever the tasks are.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class ResponseInvariantTests(DatabaseEngine engine)
{
    private const string IncludeOptions = "include=reconciliation,components";

    private static readonly string[] Groupings = ["space", "agent", "direction", "space,agent", "agent,direction", "direction,space"];

    private static readonly Gen<string> Filters =
        Gen.OneOf("", "&agent=a&agent=", "&direction=outbound", "&space_token=S1", "&space_token=S2&agent=B");

    private static readonly Gen<(RandomHistory History, string Zone, string Range, string Filter)> Samples =
        from history in RandomHistory.Generator
        from zone in ReferenceClock.Zones
        from first in Gen.Int[0, 34]
        from days in Gen.Int[1, 34]
        from filter in Filters
        let today = DateTimeOffset.FromUnixTimeMilliseconds(history.Now.UnixMilliseconds).Date
        let start = today.AddDays(-first)
        let end = start.AddDays(days)
        where !ReferenceClock.IsSkipped(start, zone) && !ReferenceClock.IsSkipped(end, zone)
        select (history, zone, $"timezone={zone}&start_date={start:yyyy-MM-dd}&end_date={end:yyyy-MM-dd}", filter);

    private readonly FakeTimeProvider _clock = new();
    private AnalyticsService _service = null!;
    private long _organisations;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _service = await AnalyticsService.StartAsync(engine, services => services.AddSingleton<TimeProvider>(_clock));

    [OneTimeTearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public Task Series_buckets_sum_to_the_totals_and_to_coarser_buckets() => Samples.SampleAsync(async sample =>
    {
        var handle = await AddHistoryAsync(sample.History);
        var totals = await GetDataAsync(handle, $"{sample.Range}{sample.Filter}&{IncludeOptions}");
        var series = new Dictionary<string, JsonNode[]>(StringComparer.Ordinal);
        foreach (var interval in new[] { "hour", "day", "week", "month" })
        {
            var data = await GetDataAsync(handle, $"{sample.Range}{sample.Filter}&{IncludeOptions}&interval={interval}");
            series[interval] = data.GetRows("series");
            Assert.That(ResponseRows.FormatSums(series[interval]), Is.EqualTo(ResponseRows.FormatSums(data)), interval);
            Assert.That(ResponseRows.FormatSums(data), Is.EqualTo(ResponseRows.FormatSums(totals)), interval);
            Assert.That(series[interval], Has.All.Matches<JsonNode>(IsConsistent));
        }

        foreach (var (coarse, fine) in new[] { ("day", "hour"), ("week", "day"), ("month", "day") })
        {
            var wholes =
                series[coarse].Select(whole => (Sum: ResponseRows.FormatSums(whole), Parts: ResponseRows.FormatSums(series[fine].Where(
                    part => part.GetTime("start") >= whole.GetTime("start") && part.GetTime("end") <= whole.GetTime("end")))));
            Assert.That(wholes, Has.All.Matches<(IEnumerable<string> Sum, IEnumerable<string> Parts)>(
                whole => whole.Sum.SequenceEqual(whole.Parts)), $"{coarse} and {fine}");
        }
    }, iter: TestDepth.Select(8, 40), threads: 1, print: sample => $"{sample.Range}{sample.Filter}");

    [Test]
    public Task Groups_sum_to_the_totals_and_are_ordered() =>
        Gen.Select(Samples, Gen.OneOf(Groupings), Gen.Int[1, 4], Gen.Bool).SampleAsync(async (sample, grouping, limit, isAll) =>
    {
        var handle = await AddHistoryAsync(sample.History);
        var query = $"{(isAll ? "date_range=all" : sample.Range)}{sample.Filter}&{IncludeOptions}&group_by={grouping}";
        var unlimited = await GetDataAsync(handle, query);
        var limited = await GetDataAsync(handle, $"{query}&limit={limit}");
        var (groups, rows) = (unlimited.GetRows("groups"), limited.GetRows("groups"));

        Assert.That(ResponseRows.FormatSums(groups), Is.EqualTo(ResponseRows.FormatSums(unlimited)), query);
        Assert.That(ResponseRows.FormatSums(rows), Is.EqualTo(ResponseRows.FormatSums(unlimited)), query);
        Assert.That(rows.Take(limit).Select(ReferenceResponse.ToJson), Is.EqualTo(groups.Take(limit).Select(ReferenceResponse.ToJson)));
        Assert.That(rows.Select(row => (bool?)row["other"]),
            Is.EqualTo(groups.Take(limit).Select(_ => (bool?)null).Concat(groups.Length > limit ? [true] : [])));
        Assert.That(groups,
            Has.All.Matches<JsonNode>(IsConsistent).And.All.Matches<JsonNode>(row => row.GetNumber("call_status", "total_tasks") > 0));
        Assert.That(groups.Select(FormatDimensions).Distinct().Count(), Is.EqualTo(groups.Length));
        Assert.That(groups, Is.Ordered.Using<JsonNode>((left, right) => Rank(left).CompareTo(Rank(right)) is var rank and not 0 ? rank
            : string.CompareOrdinal(FormatDimensions(left), FormatDimensions(right))));
    }, iter: TestDepth.Select(15, 60), threads: 1);

    [Test]
    public Task Time_zone_does_not_change_results_for_all_time_or_fixed_instants() =>
        Gen.Select(Samples, ReferenceClock.Zones, Gen.OneOf(Groupings)).SampleAsync(async (sample, otherZone, grouping) =>
    {
        var handle = await AddHistoryAsync(sample.History);
        foreach (var range in new[] {
            "date_range=all", "end_date=2024-02-28T12:15:00Z", "start_date=2011-12-01T10:45:00Z&end_date=2024-02-28T12:15:00Z" })
        {
            var query = $"{range}{sample.Filter}&{IncludeOptions}&group_by={grouping}";
            var one = await GetDataAsync(handle, $"{query}&timezone={sample.Zone}");
            var other = await GetDataAsync(handle, $"{query}&timezone={otherZone}");
            Assert.That(ReferenceResponse.ToJson(other), Is.EqualTo(ReferenceResponse.ToJson(one)), query);
            Assert.That(IsConsistent(one));
        }

        var totals = await GetDataAsync(handle, $"{IncludeOptions}{sample.Filter}");
        Assert.That(ReferenceResponse.ToJson(await GetDataAsync(
            handle, $"date_range=all&timezone={otherZone}{sample.Filter}&{IncludeOptions}")), Is.EqualTo(ReferenceResponse.ToJson(totals)));
    }, iter: TestDepth.Select(8, 40), threads: 1);

    private static bool IsConsistent(JsonNode row)
    {
        ResponseRows.AssertConsistent(row);
        return true;
    }

    // Descending.
    private static (decimal, decimal) Rank(JsonNode group) =>
        (-group.GetNumber("call_analytics", "total_calls"), -group.GetNumber("call_status", "total_tasks"));

    // Sorts like the dimensions, as no name here has a character below the separator.
    private static string FormatDimensions(JsonNode group) =>
        $"{(string?)group["space_token"]}\u0001{(string?)group["agent"]}\u0001{(string?)group["direction"]}";

    private async Task<string> AddHistoryAsync(RandomHistory history)
    {
        var organisation = Interlocked.Increment(ref _organisations);
        _clock.AdjustTime(DateTimeOffset.FromUnixTimeMilliseconds(history.Now.UnixMilliseconds));
        await _service.AddHistoryAsync(organisation, history);
        return RandomHistoryExtensions.GetHandle(organisation);
    }

    private async Task<JsonNode> GetDataAsync(string handle, string query)
    {
        var reply = await _service.SendAsync(new AnalyticsRequest { Handle = handle, Product = "a", Query = query });
        Assert.That(reply.Status, Is.EqualTo(200), query);
        return reply.Json["data"]!;
    }
}
