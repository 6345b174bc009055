using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Which spaces are counted can change at any time: totals, ranges, series and groups change with it, all at once.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class IncludedSpacesTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31";
    private const long SupportId = 12;
    private const string Support = "SUPPORT";

    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await AnalyticsService.StartAsync(engine, _ => { });
        await _service.AddOrganisationAsync(Acme.Id, Acme.Handle);
        await _service.AddMemberAsync(Acme.Id, Acme.MemberUserId);
        await AddSpaceAsync(Acme.SalesSpaceId, Acme.SalesToken);
        await AddSpaceAsync(SupportId, Support);
        await AddTasksAsync(Acme.SalesToken, "2024-01-01T00:00:00Z");
        await AddTasksAsync(Support, "2024-01-15T12:10:00Z", "2024-01-31T23:59:59.999Z");
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public Task Totals_ranges_series_and_groups_count_the_same_tasks() => AssertCountsAsync(sales: 1, support: 2);

    [TestCase("contact", "archived"), TestCase("general", "active"), TestCase("", "")]
    public async Task Excluded_space_is_not_counted_until_included_again(string contentType, string status)
    {
        await AddSpaceAsync(SupportId, Support, contentType, status);
        await AssertCountsAsync(sales: 1, support: null);

        await AddTasksAsync(Support, "2024-01-15T12:20:00Z", "2024-01-02T00:00:00Z");
        await AssertCountsAsync(sales: 1, support: null);

        await AddSpaceAsync(SupportId, Support, " Contact ", "ACTIVE");
        await AssertCountsAsync(sales: 1, support: 4);
    }

    [Test]
    public async Task New_space_is_counted_from_its_first_task()
    {
        await AddSpaceAsync(SupportId, Support, "general");
        await AddSpaceAsync(13, "LATER");
        await AssertCountsAsync(sales: 1, support: null);

        await _service.ImportTasksAsync(
            Acme.Id, [new NativeTask("later") { SpaceToken = "LATER", CreatedAt = "2024-01-15T12:10:00Z" }.ToLine()], (13, "LATER"));

        Assert.That(await ReadCountsAsync(""), Is.EqualTo(new[] { 2, 2, 2, 2, 2 }));
    }

    [Test]
    public async Task Import_that_changes_several_spaces_updates_all_counts()
    {
        await _service.Services.GetRequiredService<SpaceImporter>().RunAsync(
            [
                new SpaceRow(1, $"{Acme.SalesSpaceId}", $"{Acme.Id}", Acme.SalesToken, Acme.SalesToken, "contact", "archived"),
                new SpaceRow(2, "13", $"{Acme.Id}", "New", "NEW", "contact", "active"),
                new SpaceRow(3, $"{SupportId}", $"{Acme.Id}", "Renamed", "RENAMED", "contact", "active"),
            ],
            line => Assert.Fail(line.Reason),
            (_, _) => { },
            CancellationToken.None);

        Assert.That(await ReadCountsAsync(""), Is.EqualTo(new[] { 2, 2, 2, 2, 2 }));
        Assert.That(await ReadCountsAsync("space_token=RENAMED&"), Is.EqualTo(new[] { 2, 2, 2, 2, 2 }));
        await AssertRollupsConsistentAsync();
    }

    [Test]
    public async Task Task_moved_from_excluded_to_included_space_is_counted_there()
    {
        await AddSpaceAsync(SupportId, Support, "general");
        await _service.ImportTasksAsync(
            Acme.Id, [new NativeTask($"{Support}-2024-01-15T12:10:00Z") { CreatedAt = "2024-01-15T12:10:00Z" }.ToLine()],
            (Acme.SalesSpaceId, Acme.SalesToken));
        await AssertCountsAsync(sales: 2, support: null);

        await AddSpaceAsync(SupportId, Support);
        await AssertCountsAsync(sales: 2, support: 1);
    }

    private Task AddSpaceAsync(long id, string token, string contentType = "contact", string status = "active") =>
        _service.AddSpaceAsync(Acme.Id, id, token, contentType, status);

    private async Task AddTasksAsync(string space, params IEnumerable<string> times) =>
        await _service.ImportTasksAsync(
            Acme.Id, times.Select(time => new NativeTask($"{space}-{time}") { SpaceToken = space, CreatedAt = time }.ToLine()),
            (Acme.SalesSpaceId, Acme.SalesToken), (SupportId, Support));

    private async Task AssertCountsAsync(int sales, int? support)
    {
        Assert.That(await ReadCountsAsync(""), Is.All.EqualTo(sales + (support ?? 0)));
        Assert.That(await ReadCountsAsync($"space_token={Acme.SalesToken}&"), Is.All.EqualTo(sales));
        if (support is null)
        {
            Assert.That((await SendAsync($"space_token={Support}&{January}")).Status, Is.EqualTo(404));
        }
        else
        {
            Assert.That(await ReadCountsAsync($"space_token={Support}&"), Is.All.EqualTo(support));
        }

        await AssertRollupsConsistentAsync();
    }

    // The number of all tasks, which are in January, by each kind of query.
    private async Task<int[]> ReadCountsAsync(string filter)
    {
        var all = await SendAsync($"{filter}date_range=all");
        var range = await SendAsync($"{filter}{January}");
        var series = await SendAsync($"{filter}{January}&interval=day");
        var bySpace = await SendAsync($"{filter}{January}&group_by=space");
        var byAgent = await SendAsync($"{filter}{January}&group_by=agent,direction&agent=");
        return [ResponseRows.GetTotalTasks(all), ResponseRows.GetTotalTasks(range), CountTasks(series, "series"),
            CountTasks(bySpace, "groups"), CountTasks(byAgent, "groups")];
    }

    private static int CountTasks(Reply reply, string section) =>
        (int)reply.Json["data"]!.GetRows(section).Sum(row => row.GetNumber("call_status", "total_tasks"));

    private Task<Reply> SendAsync(string query) => _service.SendAsync(new AnalyticsRequest { Query = query });

    private async Task AssertRollupsConsistentAsync() =>
        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
}
