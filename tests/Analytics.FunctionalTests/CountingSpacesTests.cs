using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Which spaces count can change at any time: totals, ranges, series and groups change with it, all at once.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class CountingSpacesTests(DatabaseEngine engine)
{
    private const string January = "start_date=2024-01-01&end_date=2024-01-31";
    private const long SupportId = 12;
    private const string Support = "SUPPORT";

    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await AnalyticsService.StartAsync(engine, _ => { });
        await _service.HasOrganisationAsync(Acme.Id, Acme.Handle);
        await _service.HasMemberAsync(Acme.Id, Acme.Member);
        await HasSpaceAsync(Acme.SalesId, Acme.Sales);
        await HasSpaceAsync(SupportId, Support);
        await HasTasksAsync(Acme.Sales, "2024-01-01T00:00:00Z");
        await HasTasksAsync(Support, "2024-01-15T12:10:00Z", "2024-01-31T23:59:59.999Z");
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public Task WhatCountsIsTheSameEverywhere() => AssertCountAsync(sales: 1, support: 2);

    [TestCase("contact", "archived"), TestCase("general", "active"), TestCase("", "")]
    public async Task ASpaceThatCountsNoLongerIsGoneEverywhereUntilItComesBack(string contentType, string status)
    {
        await HasSpaceAsync(SupportId, Support, contentType, status);
        await AssertCountAsync(sales: 1, support: null);

        await HasTasksAsync(Support, "2024-01-15T12:20:00Z", "2024-01-02T00:00:00Z");
        await AssertCountAsync(sales: 1, support: null);

        await HasSpaceAsync(SupportId, Support, " Contact ", "ACTIVE");
        await AssertCountAsync(sales: 1, support: 4);
    }

    [Test]
    public async Task ASpaceThatComesLaterCountsFromItsFirstTask()
    {
        await HasSpaceAsync(SupportId, Support, "general");
        await HasSpaceAsync(13, "LATER");
        await AssertCountAsync(sales: 1, support: null);

        await _service.HasTasksAsync(Acme.Id, [new NativeTask("later") { SpaceToken = "LATER", CreatedAt = "2024-01-15T12:10:00Z" }.ToLine()], (13, "LATER"));

        Assert.That(await CountsAsync(""), Is.EqualTo(new[] { 2, 2, 2, 2, 2 }));
    }

    [Test]
    public async Task SeveralSpacesChangeInOneImport()
    {
        await _service.Services.GetRequiredService<ImportSpaces>().RunAsync(
            [
                new SpaceRow(1, $"{Acme.SalesId}", $"{Acme.Id}", Acme.Sales, Acme.Sales, "contact", "archived"),
                new SpaceRow(2, "13", $"{Acme.Id}", "New", "NEW", "contact", "active"),
                new SpaceRow(3, $"{SupportId}", $"{Acme.Id}", "Renamed", "RENAMED", "contact", "active"),
            ],
            line => Assert.Fail(line.Reason),
            (_, _) => { },
            CancellationToken.None);

        Assert.That(await CountsAsync(""), Is.EqualTo(new[] { 2, 2, 2, 2, 2 }));
        Assert.That(await CountsAsync("space_token=RENAMED&"), Is.EqualTo(new[] { 2, 2, 2, 2, 2 }));
        await AssertIsCleanAsync();
    }

    [Test]
    public async Task AMoveBetweenASpaceThatCountsAndOneThatDoesNotIsSeenEverywhere()
    {
        await HasSpaceAsync(SupportId, Support, "general");
        await _service.HasTasksAsync(
            Acme.Id, [new NativeTask($"{Support}-2024-01-15T12:10:00Z") { CreatedAt = "2024-01-15T12:10:00Z" }.ToLine()], (Acme.SalesId, Acme.Sales));
        await AssertCountAsync(sales: 2, support: null);

        await HasSpaceAsync(SupportId, Support);
        await AssertCountAsync(sales: 2, support: 1);
    }

    private Task HasSpaceAsync(long id, string token, string contentType = "contact", string status = "active") =>
        _service.HasSpaceAsync(Acme.Id, id, token, contentType, status);

    private async Task HasTasksAsync(string space, params IEnumerable<string> times) =>
        await _service.HasTasksAsync(
            Acme.Id, times.Select(time => new NativeTask($"{space}-{time}") { SpaceToken = space, CreatedAt = time }.ToLine()), (Acme.SalesId, Acme.Sales), (SupportId, Support));

    private async Task AssertCountAsync(int sales, int? support)
    {
        Assert.That(await CountsAsync(""), Is.All.EqualTo(sales + (support ?? 0)));
        Assert.That(await CountsAsync($"space_token={Acme.Sales}&"), Is.All.EqualTo(sales));
        if (support is null)
        {
            Assert.That((await AskAsync($"space_token={Support}&{January}")).Status, Is.EqualTo(404));
        }
        else
        {
            Assert.That(await CountsAsync($"space_token={Support}&"), Is.All.EqualTo(support));
        }

        await AssertIsCleanAsync();
    }

    /// <summary>The tasks of January, which are all, as each way of asking says.</summary>
    private async Task<int[]> CountsAsync(string filter)
    {
        var all = await AskAsync($"{filter}date_range=all");
        var range = await AskAsync($"{filter}{January}");
        var series = await AskAsync($"{filter}{January}&interval=day");
        var bySpace = await AskAsync($"{filter}{January}&group_by=space");
        var byAgent = await AskAsync($"{filter}{January}&group_by=agent,direction&agent=");
        return [AnswerRows.Tasks(all), AnswerRows.Tasks(range), Rows(series, "series"), Rows(bySpace, "groups"), Rows(byAgent, "groups")];
    }

    private static int Rows(Reply reply, string block) => (int)reply.Json["data"]!.Rows(block).Sum(row => row.Number("call_status", "total_tasks"));

    private Task<Reply> AskAsync(string query) => _service.AskAsync(new Question { Query = query });

    private async Task AssertIsCleanAsync() => Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
}
