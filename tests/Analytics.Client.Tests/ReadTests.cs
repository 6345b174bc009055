using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.Client.Tests.Support;
using Analytics.FunctionalTests.Support;

namespace Analytics.Client.Tests;

/// <summary>Requests of the real service.</summary>
internal sealed class ReadTests
{
    private readonly AnalyticsClient _client = TestClient.Create();

    [Test]
    public async Task Totals_are_the_documented_ones()
    {
        var report = await _client.GetAnalyticsAsync(new() { SpaceToken = DemoData.SpaceToken });

        Assert.That((report.CallAnalytics.TotalCalls, report.CallAnalytics.AvgSuccessScore, report.CallStatus.SuccessRate),
            Is.EqualTo((419, 467m, 72.08m)));
        Assert.That(new object?[] { report.Series, report.Groups, report.Comparison, report.Meta }, Is.All.Null);
    }

    [Test]
    public async Task Report_keeps_every_value_of_the_response()
    {
        var report = await _client.GetAnalyticsAsync(new()
        {
            DateRange = DateRange.Last28Days,
            Timezone = "Asia/Kolkata",
            Agents = ["asha", ""],
            Interval = Interval.Day,
            GroupBy = [GroupDimension.Space, GroupDimension.Direction],
            Limit = 2,
            Compare = ComparisonKind.PreviousPeriod,
            Include = [AnalyticsInclude.Reconciliation, AnalyticsInclude.Components, AnalyticsInclude.Meta],
        });

        var raw = await Demo.SendAsync(
            AnalyticsRequest.AnalyticsPath,
            "date_range=28d&timezone=Asia/Kolkata&agent=asha&agent=&interval=day&group_by=space,direction&limit=2&compare=previous_period"
            + "&include=reconciliation,components,meta");
        AssertSameValues(JsonSerializer.SerializeToNode(report, AnalyticsJson.Default.AnalyticsData)!, raw.Json["data"]!);
        Assert.That((report.Series!.Count, report.Groups!.Count, report.Groups[^1].Other), Is.EqualTo((28, 3, true)));
        Assert.That((report.Groups[0].Direction, report.Series[0].State), Is.EqualTo((Direction.Outbound, BucketState.Past)));
    }

    [Test]
    public async Task Window_before_can_be_requested_as_it_is()
    {
        var query = new AnalyticsQuery { DateRange = DateRange.Last7Days, Include = [AnalyticsInclude.Meta] };
        var meta = (await _client.GetAnalyticsAsync(query)).Meta!;
        var previous = meta.Previous!;

        var earlier = await _client.GetAnalyticsAsync(
            query with { DateRange = null, StartDate = previous.StartDate, EndDate = previous.EndDate });

        Assert.That((earlier.Meta!.Start, earlier.Meta.End), Is.EqualTo((meta.Start - TimeSpan.FromDays(7), meta.Start)));
    }

    [Test]
    public async Task Bounds_are_days_or_instants()
    {
        var include = new AnalyticsQuery { Include = [AnalyticsInclude.Meta] };
        var days = await _client.GetAnalyticsAsync(
            include with { StartDate = new DateOnly(2026, 11, 1), EndDate = new DateOnly(2026, 11, 2), Timezone = "Asia/Kolkata" });
        var start = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(5.5));
        var instants = await _client.GetAnalyticsAsync(include with { StartDate = start, EndDate = start.AddDays(2) });

        Assert.That((days.Meta!.Start, days.Meta.End), Is.EqualTo((instants.Meta!.Start, instants.Meta.End)));
        Assert.That(days.Meta.Start, Is.EqualTo(start));
    }

    [Test]
    public async Task Unchanged_response_is_the_same_object()
    {
        using var statuses = new StatusRecorder();
        var client = TestClient.Create(handler: statuses);
        var query = new AnalyticsQuery { SpaceToken = DemoData.SpaceToken, DateRange = DateRange.Last12Months, Interval = Interval.Month };

        var first = await client.GetAnalyticsAsync(query);
        var second = await client.GetAnalyticsAsync(query with { });
        await client.GetAnalyticsAsync(query with { Interval = Interval.Week });

        Assert.That(second, Is.SameAs(first));
        Assert.That(statuses.Recorded, Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.OK }));
    }

    [Test]
    public async Task Cache_keeps_the_fifty_most_recently_used_responses()
    {
        using var statuses = new StatusRecorder();
        var client = TestClient.Create(handler: statuses);
        for (var limit = 1; limit <= ResponseCache.MaxEntries; limit++)
        {
            await client.GetSpacePageAsync(new() { Limit = limit });
        }

        await client.GetSpacePageAsync(new() { Limit = 1 });
        await client.GetSpacePageAsync(new() { Limit = 900 }); // Evicts the second.
        await client.GetSpacePageAsync(new() { Limit = 1 });
        await client.GetSpacePageAsync(new() { Limit = 2 });

        Assert.That(statuses.Recorded.Skip(ResponseCache.MaxEntries), Is.EqualTo(
            new[] { HttpStatusCode.NotModified, HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.OK }));
    }

    [Test]
    public void Error_has_its_code_its_inputs_and_the_id_of_the_request()
    {
        var error = Assert.ThrowsAsync<AnalyticsException>(() => _client.GetAnalyticsAsync(new() { DateRange = new DateRange("8d") }))!;

        Assert.That((error.StatusCode, error.Code, error.IsTransient), Is.EqualTo(
            (HttpStatusCode.BadRequest, ErrorCode.InvalidParameter, false)));
        Assert.That(error.Errors["date_range"].Single(), Does.StartWith("date_range"));
        Assert.That(error.RequestId, Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task Token_provider_is_called_once_more_with_the_rejected_token()
    {
        var rejected = new List<string?>();
        var client = TestClient.Create(options => (options.Token, options.TokenProvider) = (null, (token, _) =>
        {
            rejected.Add(token);
            return ValueTask.FromResult(token is null ? "expired" : Demo.Token);
        }));

        await client.GetDefinitionsAsync();

        Assert.That(rejected, Is.EqualTo(new[] { null, "expired" }));
    }

    [Test]
    public void Token_that_stays_rejected_is_an_error()
    {
        var calls = 0;
        var client = TestClient.Create(options => (options.Token, options.TokenProvider) = (null, (_, _) =>
            ValueTask.FromResult($"rejected-{++calls}")));

        var error = Assert.ThrowsAsync<AnalyticsException>(() => client.GetAnalyticsAsync())!;
        Assert.That((error.Code, calls), Is.EqualTo((ErrorCode.TokenInvalid, 2)));
    }

    [Test]
    public async Task Pages_and_export_are_as_long_as_the_total()
    {
        var query = new TaskQuery { SpaceToken = DemoData.SpaceToken };
        var total = (await _client.GetTaskPageAsync(query with { Limit = 1, IncludeTotal = true })).Total;

        var paged = await _client.GetTaskPagesAsync(query with { Limit = 100 }).ToListAsync();
        var exported = await _client.ExportTasksAsync(query).ToListAsync();

        Assert.That(total, Is.EqualTo(419));
        Assert.That(paged.Select(page => page.Version).Distinct().Count(), Is.EqualTo(1));
        Assert.That(paged.SelectMany(page => page.Tasks), Is.EqualTo(exported).And.Exactly(419).Items);
    }

    [Test]
    public async Task Export_of_nothing_is_empty() =>
        Assert.That(await _client.ExportTasksAsync(new() { RunId = "no-such-run" }).ToListAsync(), Is.Empty);

    [Test]
    public async Task Tasks_behind_a_number_are_as_many_as_it_says()
    {
        var query = new TaskQuery { DateRange = DateRange.Last28Days, Outcomes = [Outcome.Interested, Outcome.CallBack], Limit = 1_000 };
        var report = await _client.GetAnalyticsAsync(new() { DateRange = DateRange.Last28Days });

        var tasks = (await _client.GetTaskPageAsync(query)).Tasks;

        Assert.That(tasks, Has.Count.EqualTo(report.CallAnalytics.Interested + report.CallAnalytics.CallBack));
        Assert.That(tasks.Select(task => task.Outcome).Distinct(), Is.SubsetOf(new Outcome?[] { Outcome.Interested, Outcome.CallBack }));
    }

    [Test]
    public async Task Files_are_those_of_the_service()
    {
        await using var report = new MemoryStream();
        await _client.DownloadAnalyticsAsync(
            new() { DateRange = DateRange.Last7Days, GroupBy = [GroupDimension.Agent] }, ResponseFormat.Csv, report);
        await using var tasks = new MemoryStream();
        await _client.DownloadTasksAsync(new() { SpaceToken = DemoData.SpaceToken }, ResponseFormat.Ndjson, tasks);

        var rawReport = await Demo.SendAsync(AnalyticsRequest.AnalyticsPath, "date_range=7d&group_by=agent&format=csv");
        var rawTasks = await Demo.SendAsync(TaskListRequests.Path, $"space_token={DemoData.SpaceToken}&format=ndjson");
        Assert.That(Encoding.UTF8.GetString(report.ToArray()), Is.EqualTo(rawReport.Body));
        Assert.That(Encoding.UTF8.GetString(tasks.ToArray()), Is.EqualTo(rawTasks.Body));
    }

    [Test]
    public async Task Organisations_and_spaces_are_those_of_the_user()
    {
        var client = TestClient.Create(options => options.Organisation = null);
        var organisations = await client
            .GetOrganisationPagesAsync(new() { Limit = 1 }).SelectMany(page => page.Organisations).ToListAsync();
        var spaces = await client.WithOrganisation(organisations[0].Handle)
            .GetSpacePagesAsync(new() { Limit = 1 }).SelectMany(page => page.Spaces).ToListAsync();

        Assert.That(organisations.Select(organisation => (organisation.Handle, organisation.Role)),
            Is.EqualTo(new[] { (DemoData.Handle, "owner") }));
        Assert.That(spaces.Select(space => space.Token), Is.EqualTo(new[] { Demo.SalesSpace, DemoData.SpaceToken }));
    }

    [Test]
    public void Client_without_an_organisation_gets_an_error_that_says_so()
    {
        var client = TestClient.Create(options => options.Organisation = null);

        var error = Assert.ThrowsAsync<AnalyticsException>(() => client.GetAnalyticsAsync())!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.OrgHandleRequired));
    }

    [Test]
    public async Task Product_selects_its_tasks()
    {
        var report = await TestClient.Create(options => options.Product = "another").GetAnalyticsAsync();

        Assert.That(report.CallStatus.TotalTasks, Is.Zero);
    }

    [Test]
    public async Task Definitions_say_what_each_number_means()
    {
        var definitions = (await _client.GetDefinitionsAsync()).Definitions;

        Assert.That(definitions.Single(definition => definition.Name == "call_status.failed").Better, Is.EqualTo(Better.Less));
    }

    [Test]
    public async Task Client_without_dependency_injection_is_the_same()
    {
        var client = new AnalyticsClient(new AnalyticsClientOptions
        {
            BaseAddress = Demo.Service.Address, Token = Demo.Token, Organisation = DemoData.Handle,
        });

        var first = await client.GetAnalyticsAsync(new() { SpaceToken = DemoData.SpaceToken });

        Assert.That(first.CallAnalytics.Interested, Is.EqualTo(77));
        Assert.That(await client.GetAnalyticsAsync(new() { SpaceToken = DemoData.SpaceToken }), Is.SameAs(first));
    }

    // The service's clock moves between two requests. The service writes "other" only if it is true, and the client writes no nulls.
    private static void AssertSameValues(JsonNode actual, JsonNode expected)
    {
        Assert.That(GetValues(actual), Is.EqualTo(GetValues(expected)));

        static IEnumerable<string> GetValues(JsonNode node) =>
            Flatten(node).Where(value => !value.StartsWith(".meta.now=", StringComparison.Ordinal)
                && !value.EndsWith(".other=false", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Flatten(JsonNode? node, string path = "") => node switch
    {
        null => [],
        JsonObject members => members.OrderBy(member => member.Key).SelectMany(member => Flatten(member.Value, $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany((item, index) => Flatten(item, $"{path}[{index}]")),
        _ when node.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParseExact(
            (string?)node, ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], null, default, out var time) => [$"{path}={time:O}"],
        _ => [$"{path}={node.ToJsonString()}"],
    };

    private sealed class StatusRecorder : DelegatingHandler
    {
        public List<HttpStatusCode> Recorded { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Recorded.Add(response.StatusCode);
            return response;
        }
    }
}
