using System.Globalization;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>A page of tasks: its shape, its order, its cursor and its ETag.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TaskPageTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Beta = "beta.example";

    [Test]
    public async Task Task_page_contains_all_fields()
    {
        var reply = await Service.ListTasksAsync("run_id=whole&include=total");

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply.Body, Does.Match(
            """^\{"status_code":200,"message":"Tasks fetched successfully","data":\{"tasks":\[\{"task_id":"call","run_id":"whole","space_token":"SALES","space_name":"SALES","product_id":"unpod\.dev","agent":"A & B","direction":"inbound","execution_type":"Call","status":"Completed","outcome":"interested","label":"InterestedIn","success_score":7\.5,"duration_seconds":61\.125,"created_at":"2026-03-01T12:00:00\.123Z","updated_at":"2026-03-02T00:00:00\.000Z"\},\{"task_id":"mail","run_id":"whole","space_token":"SALES","space_name":"SALES","product_id":"unpod\.dev","agent":"","direction":"","execution_type":"email","status":"hold","outcome":null,"label":null,"success_score":null,"duration_seconds":null,"created_at":"2026-02-01T00:00:00\.000Z","updated_at":"2026-03-02T00:00:00\.000Z"\}\],"has_more":false,"cursor":null,"version":"[\w-]{16}","total":2\}\}$"""));
        Assert.That(reply["Link"], Is.Null);
    }

    [TestCase(TaskListRequests.Path), TestCase("/api/v2/platform/organisation/analytics/tasks")]
    public async Task Head_response_equals_get_without_body(string path)
    {
        var get = await Service.SendAsync(new AnalyticsRequest { Path = path, Query = "limit=1" });
        var head = await Service.SendAsync(new AnalyticsRequest { Path = path, Query = "limit=1", Method = "HEAD" });

        Assert.That((get.Status, head.Status, head.Body), Is.EqualTo((200, 200, "")));
        Assert.That(head.StableHeaders.Where(header => header.Name != "Content-Length"),
            Is.EqualTo(get.StableHeaders.Where(header => header.Name != "Content-Length")));
    }

    [Test]
    public async Task Tasks_are_ordered_newest_first_then_by_id()
    {
        var pages = await Service.ListAllPagesAsync("run_id=walk&limit=2");

        Assert.That(pages.SelectMany(page => page.GetTaskIds()),
            Is.EqualTo(new[] { "newest", "A", "B", "a", "\u00E4", "\U0001F600", "oldest" }));
        Assert.That(pages.Select(page => page.GetTaskIds().Count), Is.EqualTo(new[] { 2, 2, 2, 1 }));
        Assert.That(pages.Select(page => (bool)page.Json["data"]!["has_more"]!), Is.EqualTo(new[] { true, true, true, false }));
    }

    [TestCase(1), TestCase(3), TestCase(7), TestCase(8), TestCase(1000)]
    public async Task Paging_returns_each_task_once_for_any_limit(int limit)
    {
        var ids = (await Service.ListAllPagesAsync($"run_id=walk&limit={limit}")).SelectMany(page => page.GetTaskIds()).ToList();

        Assert.That(ids, Has.Count.EqualTo(7).And.Unique);
    }

    [Test]
    public async Task Page_size_is_100_unless_a_limit_is_given()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddSalesTasksAsync(Enumerable.Range(0, 120).Select(number => new NativeTask($"t{number}")));

        Assert.That((await service.ListTasksAsync()).GetTaskIds(), Has.Count.EqualTo(100));
        Assert.That((await service.ListTasksAsync("limit=1000")).GetTaskIds(), Has.Count.EqualTo(121));
    }

    [Test]
    public async Task Pages_have_unique_ETags_and_one_version()
    {
        var pages = await Service.ListAllPagesAsync("run_id=walk&limit=2");
        var another = await Service.ListTasksAsync("run_id=walk&limit=3");

        Assert.That(pages.Append(another).Select(page => page["ETag"]), Is.Unique.And.All.Not.Null);
        Assert.That(pages.Append(another).Select(page => (string)page.Json["data"]!["version"]!).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Matching_IfNoneMatch_returns_304()
    {
        foreach (var page in await Service.ListAllPagesAsync("run_id=walk&limit=3"))
        {
            var query = page["Link"] is { } link ? link.Split('?', '>')[1] : "run_id=walk&limit=3";
            var fresh = await Service.ListTasksAsync(query);
            var revalidation = await Service.ListTasksAsync(query, new AnalyticsRequest { Headers = [("If-None-Match", fresh["ETag"]!)] });

            Assert.That((revalidation.Status, revalidation.Body, revalidation["ETag"]), Is.EqualTo((304, "", fresh["ETag"])));
        }
    }

    [Test]
    public async Task Write_changes_the_version_and_the_ETag()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var before = await service.ListTasksAsync();

        await service.AddSalesTasksAsync(new NativeTask("second"));
        var after = await service.ListTasksAsync("", new AnalyticsRequest { Headers = [("If-None-Match", before["ETag"]!)] });

        Assert.That(after.GetTaskIds(), Is.EquivalentTo(new[] { "first", "second" }));
        Assert.That((string)after.Json["data"]!["version"]!, Is.Not.EqualTo((string)before.Json["data"]!["version"]!));
    }

    [Test]
    public async Task Deleted_task_is_not_listed()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddSalesTasksAsync(new NativeTask("first") { Deleted = true }, new NativeTask("second"));

        Assert.That((await service.ListTasksAsync()).GetTaskIds(), Is.EqualTo(new[] { "second" }));
    }

    [TestCase("run_id=walk&limit=2&status=completed"), TestCase("limit=2"), TestCase("run_id=walk&limit=2&date_range=all"),
        TestCase("run_id=walk&limit=2&timezone=Asia/Kolkata")]
    public async Task Cursor_with_other_filters_returns_400(string query)
    {
        var cursor = (string)(await Service.ListTasksAsync("run_id=walk&limit=2")).Json["data"]!["cursor"]!;

        var reply = await Service.ListTasksAsync($"{query}&cursor={cursor}");

        Assert.That((reply.Status, reply.Json["errors"]!.AsObject().Single().Key), Is.EqualTo((400, "cursor")));
    }

    [Test]
    public async Task Cursor_with_another_product_returns_400()
    {
        var cursor = (string)(await Service.ListTasksAsync("limit=2")).Json["data"]!["cursor"]!;

        Assert.That((await Service.ListTasksAsync($"limit=2&cursor={cursor}", new AnalyticsRequest { Product = "unpod.tv" })).Status,
            Is.EqualTo(400));
    }

    [Test]
    public async Task Limit_can_change_between_pages()
    {
        var cursor = (string)(await Service.ListTasksAsync("run_id=walk&limit=2")).Json["data"]!["cursor"]!;

        Assert.That((await Service.ListTasksAsync($"run_id=walk&limit=5&cursor={cursor}")).GetTaskIds(),
            Is.EqualTo(new[] { "B", "a", "\u00E4", "\U0001F600", "oldest" }));
    }

    [Test]
    public async Task Cursor_preserves_the_time_range_of_the_first_page()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await Acme.StartServiceAsync(Engine, parts => parts.AddSingleton<TimeProvider>(clock));
        await service.AddSalesTasksAsync(CreateTaskWithAge("old", TimeSpan.FromMinutes(23.5 * 60)),
            CreateTaskWithAge("young", TimeSpan.FromHours(2)), CreateTaskWithAge("younger", TimeSpan.FromHours(1)));
        var first = await service.ListTasksAsync("date_range=24h&limit=2&include=total");

        clock.Advance(TimeSpan.FromMinutes(45));
        var second = await service.ListTasksAsync(
            first["Link"]!.Split('?', '>')[1], new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Acme.MemberUserId) });
        var fresh = await service.ListTasksAsync("date_range=24h&limit=2&include=total");

        Assert.That(first.GetTaskIds().Concat(second.GetTaskIds()), Does.Contain("old").And.Exactly(4).Items);
        Assert.That(new[] { first, second, fresh }.Select(page => (int)page.Json["data"]!["total"]!), Is.EqualTo(new[] { 4, 4, 3 }));

        NativeTask CreateTaskWithAge(string id, TimeSpan age) =>
            new(id) { CreatedAt = clock.GetUtcNow().Subtract(age).ToString("O", CultureInfo.InvariantCulture) };
    }

    // Of the last three, one has too few parts, one an invalid number, and one a control character in its task id.
    [TestCase("nonsense"), TestCase("%00"), TestCase("a.b"), TestCase("_____w"), TestCase("MQoyCjM"), TestCase("eAp5CnoKMQp0"),
        TestCase("CgoKMQoA")]
    public async Task Malformed_cursor_returns_400(string cursor)
    {
        var reply = await Service.ListTasksAsync($"cursor={cursor}");

        Assert.That((reply.Status, reply.Message), Is.EqualTo((400, "cursor must be one that a page gave.")));
    }

    [Test]
    public async Task Cursor_of_another_organisation_returns_only_own_tasks()
    {
        var cursor = (string)(await Service.ListTasksAsync("limit=2")).Json["data"]!["cursor"]!;

        var reply = await Service.ListTasksAsync($"limit=2&cursor={cursor}", new AnalyticsRequest { Handle = Beta });

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply.GetTaskIds(), Is.SubsetOf(new[] { "first", "beta" }));
        Assert.That(reply.GetTasks().Select(task => (string)task["space_token"]!), Is.All.EqualTo("BETA"));
    }

    [Test]
    public async Task Versions_of_two_organisations_differ() =>
        Assert.That((string)(await Service.ListTasksAsync("", new AnalyticsRequest { Handle = Beta })).Json["data"]!["version"]!,
            Is.Not.EqualTo((string)(await Service.ListTasksAsync()).Json["data"]!["version"]!));

    [TestCase("page=2", "page"), TestCase("Limit=2", "Limit"), TestCase("limit=0", "limit"), TestCase("limit=1001", "limit"),
        TestCase("limit=1&limit=1", "limit")]
    [TestCase("outcome=Interested", "outcome"), TestCase("outcome=interested,won", "outcome"),
        TestCase("interval=day", "interval"), TestCase("group_by=agent", "group_by")]
    [TestCase("compare=previous_period", "compare"), TestCase("include=meta", "include"), TestCase("format=xml", "format"),
        TestCase("run_id=a%00", "run_id"), TestCase("status=%01", "status")]
    [TestCase("execution_type=a&execution_type=a", "execution_type"), TestCase("date_range=ever", "date_range"),
        TestCase("space_token=A-B", "space_token"), TestCase("direction=up", "direction")]
    public async Task Validation_error_names_its_parameter(string query, string name)
    {
        var reply = await Service.ListTasksAsync(query);

        Assert.That((reply.Status, reply.Json["errors"]?.AsObject().Single().Key), Is.EqualTo((400, name)));
        Assert.That(reply.Message, Does.Contain(name));
    }

    [Test]
    public async Task Unknown_parameter_error_lists_the_known_ones() =>
        Assert.That((await Service.ListTasksAsync("page=2")).Message, Is.EqualTo(
            "page is not known here; known are date_range, start_date, end_date, timezone, space_token, agent, direction, run_id, outcome, status, execution_type, label, task_id, limit, cursor, include, format."));

    [TestCase("space_token=NOWHERE"), TestCase("space_token=ARCHIVED"), TestCase("space_token=DOCUMENTS"), TestCase("space_token=BETA"),
        TestCase("space_token=NOWHERE&run_id=walk&include=total")]
    public async Task Unknown_or_excluded_space_returns_404(string query)
    {
        var reply = await Service.ListTasksAsync(query);

        Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Space not found.")));
    }

    [Test]
    public async Task Blank_parameters_are_treated_as_absent()
    {
        var all = await Service.ListTasksAsync();
        var blank = await Service.ListTasksAsync(
            "outcome=&status=%20&execution_type=&task_id=+&cursor=&limit=&include=&format=&space_token=&date_range=");

        Assert.That((blank.Body, blank["ETag"]), Is.EqualTo((all.Body, all["ETag"])));
    }

    [Test]
    public async Task Missing_token_returns_401() =>
        Assert.That((await Service.ListTasksAsync("page=2", new AnalyticsRequest { Authorization = null })).Status, Is.EqualTo(401));

    [Test]
    public async Task Request_of_a_non_member_returns_404() =>
        Assert.That((await Service.ListTasksAsync(
            "", new AnalyticsRequest { Authorization = Tokens.CreateAuthorization("non-member") })).Status, Is.EqualTo(404));

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddSpaceAsync(Acme.Id, 12, "ARCHIVED");
        await service.AddSpaceAsync(Acme.Id, 13, "DOCUMENTS");
        await service.ImportTasksAsync(Acme.Id, new[] { new NativeTask("gone") { SpaceToken = "ARCHIVED" },
            new NativeTask("paper") { SpaceToken = "DOCUMENTS" } }.Select(task => task.ToLine()), (12, "ARCHIVED"), (13, "DOCUMENTS"));
        await service.AddSpaceAsync(Acme.Id, 12, "ARCHIVED", status: "archived");
        await service.AddSpaceAsync(Acme.Id, 13, "DOCUMENTS", contentType: "document");
        await service.AddSalesTasksAsync(
            new NativeTask("call")
            {
                RunId = "whole", Agent = " A & B ", Direction = "inbound", ExecutionType = "Call", Status = "Completed",
                Outcome = "InterestedIn",
                SuccessScore = 7.50m, DurationSeconds = 61.125m, CreatedAt = "2026-03-01T12:00:00.123456Z",
                UpdatedAt = "2026-03-02T00:00:00Z",
            },
            new NativeTask("mail") {
                RunId = "whole", ExecutionType = "email", Status = "hold", CreatedAt = "2026-02-01", UpdatedAt = "2026-03-02T00:00:00Z" });
        await service.AddSalesTasksAsync(
            CreateTask("oldest", 1), CreateTask("\U0001F600", 2), CreateTask("a", 2), CreateTask("\u00E4", 2), CreateTask("B", 2),
            CreateTask("A", 2), CreateTask("newest", 3), new NativeTask("another product") { ProductId = "unpod.tv" });

        await service.AddOrganisationAsync(2, Beta);
        await service.AddMemberAsync(2, Acme.MemberUserId);
        await service.AddSpaceAsync(2, 21, "BETA");
        await service.ImportTasksAsync(
            2, [new NativeTask("beta") { SpaceToken = "BETA", CreatedAt = "2026-01-01" }.ToLine()], (21, "BETA"));
        return service;
    }

    private static NativeTask CreateTask(string id, int hour) => new(id) { RunId = "walk", CreatedAt = $"2026-01-01T0{hour}:00:00Z" };
}
