using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>The tasks behind a report: pages without gaps and duplicates, and exactly the counted tasks.</summary>
internal sealed class TaskListTests
{
    private static ApiClient Api => Deployment.Api;

    [Test]
    public async Task Pages_contain_each_counted_task_once()
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (report, pages) = await Deployment.ReadAtOneVersionAsync(
            async () => (await Api.GetAsync(day), await Pages.ReadAsync($"{day}&limit=97")));
        var tasks = Pages.GetItems(pages);

        Assert.That(tasks.Select(ReadId), Is.Unique, pages[0].Explain("No task is on two pages."));
        Assert.That(tasks, Has.Count.EqualTo(Counts.Of(report.Data)["call_status.total_tasks"]),
            report.Explain("The pages together have as many tasks as the report counts.", pages[0]));
        Assert.That(tasks, Is.Ordered.Using<JsonElement>(CompareByOrder),
            pages[0].Explain("The newest task comes first; at one time, the lower task_id."));
        Assert.That(pages.Select(page => page.Data.GetProperty("version").GetString()),
            Is.All.EqualTo(pages[0].Data.GetProperty("version").GetString()),
            pages[0].Explain("version is equal on all pages of one state."));
        Assert.That(pages.Select(page => page["ETag"]), Is.Unique, pages[0].Explain("Each page has its own ETag."));
        Assert.That(pages.SkipLast(1).Select(page => page["Link"]), Is.All.EndsWith("rel=\"next\""),
            pages[0].Explain("A page that another one follows links to it."));
        Assert.That((pages[^1]["Link"], pages[^1].Data.GetProperty("cursor").ValueKind), Is.EqualTo(((string?)null, JsonValueKind.Null)),
            pages[^1].Explain("The last page has neither a cursor nor a link."));
    }

    [Test]
    public async Task Report_counts_exactly_the_listed_tasks()
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (report, pages) = await Deployment.ReadAtOneVersionAsync(async () =>
            (await Api.GetAsync($"{day}&include=components"), await Pages.ReadAsync($"{day}&limit=1000")));
        var tasks = Pages.GetItems(pages);
        var calls = tasks.Where(task => task.GetProperty("outcome").ValueKind != JsonValueKind.Null).ToList();
        var counts = Counts.Of(report.Data);

        Assert.That(calls, Has.Count.EqualTo(counts["call_analytics.total_calls"]),
            report.Explain("total_calls counts the tasks with an outcome.", pages[0]));
        foreach (var outcome in new[] { "interested", "call_back", "send_details", "not_interested", "not_connected", "failed" })
        {
            Assert.That(calls.Count(call => call.GetProperty("outcome").GetString() == outcome),
                Is.EqualTo(counts[$"call_analytics.{outcome}"]),
                report.Explain($"call_analytics counts the calls whose outcome is {outcome}.", pages[0]));
        }

        foreach (var status in new[] { "completed", "failed", "pending", "in_progress" })
        {
            Assert.That(tasks.Count(task => Normalize(task.GetProperty("status")) == status),
                Is.EqualTo(counts[$"call_status.{status}"]),
                report.Explain($"call_status counts the tasks whose status is {status}.", pages[0]));
        }

        Assert.That((Sum(calls, "success_score"), Sum(calls, "duration_seconds")),
            Is.EqualTo((counts["components.success_score_sum"], counts["components.duration_seconds_sum"])),
            report.Explain("The components are the sums over the calls.", pages[0]));
    }

    [TestCase("outcome=interested", "call_analytics.interested"), TestCase("outcome=failed", "call_analytics.failed")]
    [TestCase("status=completed", "call_status.completed"), TestCase("execution_type=call", "call_analytics.total_calls")]
    public async Task Filtered_list_is_as_long_as_its_count(string filter, string count)
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (report, pages) = await Deployment.ReadAtOneVersionAsync(
            async () => (await Api.GetAsync(day), await Pages.ReadAsync($"{day}&{filter}&limit=1000")));

        Assert.That(Pages.GetItems(pages), Has.Count.EqualTo(Counts.Of(report.Data)[count]),
            report.Explain($"The list with {filter} has as many tasks as {count} says.", pages[0]));
    }

    [TestCase("agent", "agent"), TestCase("direction", "direction"), TestCase("run", "run_id"), TestCase("label", "label")]
    public async Task List_behind_a_group_is_as_long_as_the_group(string dimension, string parameter)
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (groups, lists) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var groups = await Api.GetAsync($"{day}&group_by={dimension}&limit=2");
            var lists = new List<IReadOnlyList<Reply>>();
            foreach (var group in groups.Data.GetProperty("groups").EnumerateArray().Where(group => group.TryGetProperty(parameter, out _)))
            {
                var value = Uri.EscapeDataString(group.GetProperty(parameter).GetString()!);
                lists.Add(await Pages.ReadAsync($"{day}&{parameter}={value}&limit=1000"));
            }

            return (groups, lists);
        });

        foreach (var (group, pages) in groups.Data.GetProperty("groups").EnumerateArray().Zip(lists))
        {
            Assert.That(Pages.GetItems(pages), Has.Count.EqualTo(Counts.Of(group)["call_status.total_tasks"]),
                groups.Explain($"The list behind the group {group.GetProperty(parameter)} has exactly its tasks.", pages[0]));
        }
    }

    [Test]
    public async Task Total_is_exact_or_null()
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (page, report) = await Deployment.ReadAtOneVersionAsync(
            async () => (await Api.GetAsync($"{day}&limit=1&include=total", Routes.Tasks), await Api.GetAsync(day)));
        var total = page.Data.GetProperty("total");

        Assert.That(total.ValueKind == JsonValueKind.Null ? (decimal?)null : total.GetDecimal(),
            Is.Null.Or.EqualTo(Counts.Of(report.Data)["call_status.total_tasks"]), page.Explain("include=total is exact or null.", report));
    }

    [Test]
    public async Task Listed_task_is_found_by_its_id()
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (page, found) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var page = await Api.GetAsync($"{day}&limit=1", Routes.Tasks);
            var id = Uri.EscapeDataString(ReadId(Pages.GetItems([page])[0])!);
            return (page, await Api.GetAsync($"task_id={id}", Routes.Tasks));
        });

        Assert.That(Pages.GetItems([found]).Select(task => task.GetRawText()),
            Is.EqualTo(Pages.GetItems([page]).Select(task => task.GetRawText())), page.Explain("task_id selects one task.", found));
    }

    [TestCase("limit=0", "limit"), TestCase("limit=1001", "limit"), TestCase("limit=ten", "limit"), TestCase("outcome=won", "outcome")]
    [TestCase("cursor=nonsense", "cursor"), TestCase("page=2", "page"), TestCase("interval=day", "interval"),
        TestCase("include=meta", "include")]
    [TestCase("group_by=agent", "group_by"), TestCase("direction=up", "direction"), TestCase("date_range=ever", "date_range")]
    public async Task Invalid_parameter_is_rejected_by_name(string query, string parameter)
    {
        var reply = await Api.SendAsync(new ContractRequest(query, Routes.Tasks));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain("The list takes its own parameters only, with valid values."));
        Assert.That(reply.Json.GetProperty("errors").TryGetProperty(parameter, out _), Is.True,
            reply.Explain($"The error names {parameter}."));
    }

    [Test]
    public async Task Cursor_is_bound_to_its_filters_and_cannot_be_changed()
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var page = await Api.GetAsync($"{day}&limit=1", Routes.Tasks);
        if (page.Data.GetProperty("cursor").GetString() is not { } cursor)
        {
            throw new IgnoreException("The day has one task only.");
        }

        var filtered = await Api.SendAsync(new ContractRequest($"{day}&status=completed&cursor={cursor}", Routes.Tasks));
        var changed = await Api.SendAsync(new ContractRequest($"{day}&cursor={cursor[1..]}", Routes.Tasks));

        Assert.That((filtered.Status, changed.Status), Is.EqualTo((400, 400)),
            filtered.Explain("A cursor with other filters, or one that was changed, is a 400.", changed));
    }

    private static string? ReadId(JsonElement task) => task.GetProperty("task_id").GetString();

    private static string Normalize(JsonElement status) => status.GetString()!.Trim().ToLowerInvariant();

    private static decimal Sum(IEnumerable<JsonElement> calls, string field) =>
        calls.Select(call => call.GetProperty(field)).Where(value => value.ValueKind == JsonValueKind.Number)
            .Sum(value => value.GetDecimal());

    private static int CompareByOrder(JsonElement first, JsonElement second)
    {
        var byTime = second.GetProperty("created_at").GetDateTimeOffset().CompareTo(first.GetProperty("created_at").GetDateTimeOffset());
        return byTime != 0 ? byTime : string.CompareOrdinal(ReadId(first), ReadId(second));
    }
}
