using Analytics.Application.Reporting;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A page ends after it has examined so many tasks; the next one goes on behind them.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class BoundedTaskPageTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const int MaxExamined = 10;

    [Test]
    public async Task Page_without_a_match_is_empty_and_the_next_one_starts_behind_the_examined_tasks()
    {
        var pages = await Service.ListAllPagesAsync("run_id=times&execution_type=fax");

        Assert.That(pages.Select(page => page.GetTaskIds()), Is.EqualTo(new string[][] { [], [], ["t24"] }));
        Assert.That(pages.Select(page => (bool)page.Json["data"]!["has_more"]!), Is.EqualTo(new[] { true, true, false }));
    }

    [TestCase(1), TestCase(3), TestCase(9), TestCase(10), TestCase(11), TestCase(1000)]
    public async Task All_tasks_of_one_time_are_listed_once(int limit)
    {
        var all = await Service.ListAllPagesAsync($"run_id=same&limit={limit}");
        var faxes = await Service.ListAllPagesAsync($"run_id=same&limit={limit}&execution_type=fax");

        Assert.That(all.SelectMany(page => page.GetTaskIds()), Is.EqualTo(Enumerable.Range(0, 41).Select(number => $"s{number:00}")));
        Assert.That(all.Select(page => page.GetTaskIds().Count), Is.All.AtMost(Math.Min(limit, MaxExamined)));
        Assert.That(faxes.SelectMany(page => page.GetTaskIds()), Is.EqualTo(new[] { "s00", "s39", "s40" }));
    }

    [Test]
    public async Task Page_that_examined_all_tasks_is_the_last() =>
        Assert.That((await Service.ListAllPagesAsync("run_id=ten&execution_type=fax")).Select(page => page.GetTaskIds()),
            Is.EqualTo(new[] { Array.Empty<string>() }));

    [TestCase("agent=nobody&agent=nothing", 0), TestCase("direction=inbound", 1), TestCase("outcome=send_details&direction=outbound", 0)]
    public async Task Page_is_the_last_if_the_rollups_hold_no_other_match(string query, int count)
    {
        var page = await Service.ListTasksAsync(query);

        Assert.That((page.GetTaskIds().Count, (bool)page.Json["data"]!["has_more"]!), Is.EqualTo((count, false)));
        Assert.That(page["Link"], Is.Null);
    }

    [TestCase("", "total\":81}"), TestCase("direction=inbound", "total\":1}"), TestCase("run_id=ten", "total\":10}"),
        TestCase("run_id=ten&execution_type=fax", "total\":0}"), TestCase("run_id=times&status=completed", "total\":null}"),
        TestCase("status=completed", "total\":null}")]
    public async Task Total_is_null_if_counting_would_examine_too_many_tasks(string query, string end) =>
        Assert.That((await Service.ListTasksAsync($"include=total&{query}")).Body, Does.EndWith($",\"{end}}}"));

    [Test]
    public async Task Total_is_omitted_unless_it_is_included() =>
        Assert.That((await Service.ListTasksAsync()).Body, Does.Not.Contain("total"));

    [Test]
    public async Task Changed_cursor_returns_400()
    {
        var cursor = (string)(await Service.ListTasksAsync("limit=2")).Json["data"]!["cursor"]!;

        foreach (var index in Enumerable.Range(0, cursor.Length))
        {
            var changed = cursor[..index] + (cursor[index] == 'A' ? 'B' : 'A') + cursor[(index + 1)..];

            Assert.That((await Service.ListTasksAsync($"limit=2&cursor={changed}")).Status, Is.EqualTo(400), changed);
        }
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine, services => services.AddSingleton(new ExaminationLimit(MaxExamined)));
        await service.AddSalesTasksAsync(new NativeTask("first") { Deleted = true });
        await service.AddSalesTasksAsync(Enumerable.Range(0, 25).Select(number => new NativeTask($"t{number:00}")
        {
            RunId = "times",
            CreatedAt = $"2026-01-02T00:{59 - number:00}:00Z",
            ExecutionType = number == 24 ? "fax" : "email",
            Direction = number == 3 ? "inbound" : "outbound",
        }));
        await service.AddSalesTasksAsync(Enumerable.Range(0, 41).Select(number => new NativeTask($"s{number:00}")
        {
            RunId = "same",
            CreatedAt = "2026-01-01T00:00:00Z",
            ExecutionType = number is 0 or 39 or 40 ? "fax" : "email",
        }));
        await service.AddSalesTasksAsync(Enumerable.Range(0, 15).Select(number => new NativeTask($"n{number:00}")
        {
            RunId = number < 10 ? "ten" : "five",
            CreatedAt = $"2025-01-01T00:{number:00}:00Z",
            ExecutionType = "email",
        }));
        return service;
    }
}
