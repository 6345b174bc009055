using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Reports as CSV: one table, whose columns follow from the request alone.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class AnalyticsTableTests(DatabaseEngine engine)
{
    private const string Counts =
        "call_analytics_total_calls,call_analytics_interested,call_analytics_call_back,call_analytics_send_details,call_analytics_not_interested,call_analytics_not_connected,call_analytics_failed,call_analytics_avg_success_score,call_status_total_tasks,call_status_completed,call_status_failed,call_status_pending,call_status_in_progress,call_status_success_rate";

    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartServiceAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [TestCase("", Counts)]
    [TestCase("&group_by=agent", $"agent,other,{Counts}")]
    [TestCase("&group_by=agent,direction&limit=1", $"agent,direction,other,{Counts}")]
    [TestCase("&group_by=space&limit=1000", $"space_token,space_name,other,{Counts}")]
    [TestCase("&date_range=7d&interval=day&fill=none", $"start,end,hours,complete,state,{Counts}")]
    [TestCase("&include=reconciliation", $"{Counts},reconciliation_other_outcomes,reconciliation_other_states,reconciliation_balanced")]
    public async Task Csv_header_is_the_same_with_and_without_rows(string query, string header)
    {
        var withoutRows = await GetHeaderAsync($"{query}&agent=nobody");
        await _service.AddSalesTasksAsync(new NativeTask("a") { Agent = "a" }, new NativeTask("b") { Agent = "b" });

        Assert.That((withoutRows, await GetHeaderAsync(query)), Is.EqualTo((header, header)));
    }

    [TestCase("date_range=7d&compare=previous_period"), TestCase("include=meta"), TestCase("date_range=7d&interval=day&group_by=agent")]
    public async Task Sections_that_one_table_cannot_hold_are_rejected(string query)
    {
        var byParameter = await _service.SendAsync(new AnalyticsRequest { Query = $"{query}&format=csv" });
        var byHeader = await _service.SendAsync(new AnalyticsRequest { Query = query, Headers = [("Accept", "application/x-ndjson")] });
        var json = await _service.SendAsync(new AnalyticsRequest { Query = query });

        Assert.That((byParameter.Status, byHeader.Status, json.Status), Is.EqualTo((400, 400, 200)));
        Assert.That(byParameter.Message, Does.StartWith("format must be json where ").And.EqualTo(byHeader.Message));
    }

    private async Task<string> GetHeaderAsync(string query) =>
        (await _service.SendAsync(new AnalyticsRequest { Query = $"format=csv{query}" })).Body.Split("\r\n")[0];
}
