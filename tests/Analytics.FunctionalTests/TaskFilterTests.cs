using Analytics.Application.Ingestion;
using Analytics.Application.Reporting;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>
/// With any filters, all pages together are the tasks that a linear search finds, in order. A page examines few tasks, so that many
/// pages are short or empty.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TaskFilterTests(DatabaseEngine engine)
{
    private static readonly string[] Agents = ["", "a", "A", "b", "a b", "100%", "_", "'", "<a>", "\u00E9", "\U0001F600", "a&b=c"];
    private static readonly string[] Statuses = ["completed", " Completed ", "FAILED", "hold", "H\u00C9", "pending",
        "\u2003Completed\u3000", "\u00A0HOLD", "\u212A\u0130"];
    private static readonly string[] Types = ["call", "Call ", "email", "E_MAIL", "\u3000CALL", "\u0130MAIL"];
    private static readonly string[] Runs = ["", "r", "R", "r1", "r-\u00E9"];
    private static readonly string?[] Labels = ["Interested", "call_back", "Call Back", "Voicemail", " VOICEMAIL_", "_", null];
    private static readonly string[] Products = ["unpod.dev", "unpod.tv"];

    // The last is archived, and the one before is not a contact space.
    private static readonly string[] Spaces = ["S1", "S2", "S3", "S4"];

    // Few instants, so that many tasks share one; some are at the boundaries of the queried days.
    private static readonly Gen<Timestamp> Times =
        Gen.Long[0, 5].Select(halfDay => new Timestamp(1_767_225_600_000 + (halfDay * 43_200_000)));

    private static readonly Gen<StoredTask> Tasks =
        from id in Gen.Int[0, 100_000]
        from space in Gen.Long[11, 14]
        from product in Gen.Frequency((6, Products[0]), (1, Products[1]))
        from run in Gen.OneOf(Runs)
        from agent in Gen.OneOf(Agents)
        from direction in Gen.Enum<Direction>()
        from type in Gen.OneOf(Types)
        from status in Gen.OneOf(Statuses)
        from label in Gen.OneOf(Labels)
        from createdAt in Times
        select new StoredTask($"t{id}", new Timestamp(1), new TaskContent
        {
            SpaceId = space,
            ProductId = product,
            RunId = run,
            Agent = agent,
            Direction = direction,
            ExecutionType = type,
            Status = status,
            Label = label,
            Outcome = null,
            SuccessScore = null,
            Duration = null,
            CreatedAt = createdAt,
        }.WithClassifiedOutcome());

    private static readonly Gen<TaskFilter> Filters =
        from product in Gen.OneOf(Products)
        from space in GenerateOptional("S1", "S2")
        from agents in Gen.OneOf(Agents).Array[1, 3].Null(0.4)
        from direction in Gen.Nullable(Gen.Enum<Direction>(), 0.75)
        from outcomes in Gen.Enum<Outcome>().Array[1, 3].Null(0.75)
        from label in GenerateOptional("", "CALL_BACK", "voicemail", "nobody's")
        from id in Gen.Frequency((9, Gen.Const((string?)null)), (1, Gen.Int[0, 100].Select(id => (string?)$"t{id}")))
        from status in GenerateOptional("COMPLETED", "failed", " hold", "h\u00C9", "h\u00E9", "k\u0130")
        from type in GenerateOptional("call", " CALL", "e_mail", "\u0130mail\u2003")
        from run in GenerateOptional("r", "R", "r-\u00E9", "r ", "")
        from dates in Gen.OneOf(("", null, null), ("date_range=all", null, null), ("start_date=2026-01-02&end_date=2026-01-02", 2L, 4L),
            ("start_date=2026-01-01T12:00:00Z&end_date=2026-01-02T12:00:00Z", 1L, 3L), ("end_date=2026-01-01", (long?)null, (long?)2L))
        from limit in Gen.Int[1, 7]
        select new TaskFilter(
            product, space, agents, direction, outcomes, status, type, run, label, id, dates.Item1, dates.Item2, dates.Item3, limit);

    private const int MaxExamined = 20;

    private readonly List<StoredTask> _tasks = [];
    private AnalyticsService _service = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine, services => services.AddSingleton(new ExaminationLimit(MaxExamined)));
        await _service.AddSalesTasksAsync(new NativeTask("first") { Deleted = true });
        await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Spaces[0]);
        await _service.AddSpaceAsync(Acme.Id, 12, Spaces[1]);
        await _service.AddSpaceAsync(Acme.Id, 13, Spaces[2], contentType: "document");
        await _service.AddSpaceAsync(Acme.Id, 14, Spaces[3], status: "archived");

        _tasks.AddRange(Tasks.Array[400, 400].Single(_ => true, "0000KOIPe036").DistinctBy(task => task.TaskId));
        TaskWrite[] writes = [.. _tasks.Select(task => new TaskWrite {
            TaskId = task.TaskId, UpdatedAt = task.UpdatedAt, HasUpdatedAt = true, HasCreatedAt = true, Content = task.Content })];
        await _service.Services.GetRequiredService<TaskWriter>().WriteAsync(Acme.Id, writes, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task All_pages_match_a_naive_filter_over_all_tasks()
    {
        var (foundCount, shortCount) = (0, 0);
        await Filters.SampleAsync(async filter =>
        {
            var pages = await _service.ListAllPagesAsync(
                $"{filter.Query}&include=total&limit={filter.Limit}", new AnalyticsRequest { Product = filter.Product });

            var expected = filter.Apply(_tasks).Select(task => task.TaskId).ToList();
            Assert.That(pages.SelectMany(page => page.GetTaskIds()), Is.EqualTo(expected));
            Assert.That(pages.Select(page => (int?)page.Json["data"]!["total"]), Is.All.Null.Or.EqualTo(expected.Count));
            Interlocked.Add(ref shortCount, pages.SkipLast(1).Count(page => page.GetTaskIds().Count < filter.Limit));
            Interlocked.Add(ref foundCount, expected.Count);
        }, iter: TestDepth.Select(100, 300), threads: 1);

        Assert.That(foundCount, Is.GreaterThan(TestDepth.Select(10, 30)), "Too many filters match no task.");
        Assert.That(shortCount, Is.GreaterThan(TestDepth.Select(10, 30)), "Too few pages end early.");
    }

    [TestCase("", "call_status", "total_tasks"), TestCase("space_token=S1&", "call_status", "total_tasks"),
        TestCase("agent=a&direction=inbound&", "call_status", "total_tasks")]
    [TestCase("start_date=2026-01-02&end_date=2026-01-02&", "call_status", "total_tasks"),
        TestCase("execution_type=call&", "call_analytics", "total_calls")]
    [TestCase("status=completed&", "call_status", "completed"), TestCase("status=failed&", "call_status", "failed"),
        TestCase("outcome=call_back&", "call_analytics", "call_back"), TestCase("outcome=failed&", "call_analytics", "failed")]
    public async Task Number_of_listed_tasks_equals_the_analytics_count(string query, string section, string field)
    {
        var sharedQuery = string.Join('&', query.Split('&').Where(pair => !pair.StartsWith("execution_type", StringComparison.Ordinal)
            && !pair.StartsWith("status", StringComparison.Ordinal) && !pair.StartsWith("outcome", StringComparison.Ordinal)));
        var reportedCount = (int)(await _service.SendAsync(new AnalyticsRequest { Query = sharedQuery })).Json["data"]![section]![field]!;

        var listedCount = (await _service.ListAllPagesAsync($"{query}limit=17")).Sum(page => page.GetTaskIds().Count);

        Assert.That(listedCount, Is.EqualTo(reportedCount).And.GreaterThan(0));
    }

    private static Gen<string?> GenerateOptional(params string[] values) => Gen.OneOf(values).Null(0.6);

    private sealed record TaskFilter(
        string Product, string? Space, string[]? Agents, Direction? Direction, Outcome[]? Outcomes, string? Status, string? Type,
        string? Run,
        string? Label, string? Id, string Dates, long? FromHalfDay, long? ToHalfDay, int Limit)
    {
        public string Query => string.Join('&', new[]
        {
            Dates,
            FormatParameter("space_token", Space),
            Agents is null ? "" : string.Join('&', Agents.Select(agent => FormatParameter("agent", agent))),
            FormatParameter("direction", Direction is { } direction ? Directions.Name(direction) : null),
            FormatParameter("outcome", Outcomes is null ? null : string.Join(',', Outcomes.Select(Domain.Tasks.Outcomes.Name))),
            FormatParameter("status", Status),
            FormatParameter("execution_type", Type),
            FormatParameter("run_id", Run),
            FormatParameter("label", Label),
            FormatParameter("task_id", Id),
        }.Where(pair => pair.Length > 0));

        public IEnumerable<StoredTask> Apply(IEnumerable<StoredTask> tasks) => SelectMatching(tasks)
            .OrderByDescending(task => task.Content!.CreatedAt)
            .ThenBy(task => task.TaskId, StringComparer.Ordinal);

        private IEnumerable<StoredTask> SelectMatching(IEnumerable<StoredTask> tasks) =>
            from task in tasks
            let content = task.Content!
            let halfDay = (content.CreatedAt.UnixMilliseconds - 1_767_225_600_000) / 43_200_000
            where content.SpaceId is 11 or 12 && content.ProductId == Product
            where Space is null || content.SpaceId == (Space == "S1" ? 11 : 12)
            where Agents is null || Agents.Contains(content.Agent)
            where Direction is null || content.Direction == Direction
            where Outcomes is null || (content.Outcome is { } outcome && Outcomes.Contains(outcome))
            where Label is null || Normalize((content.Label ?? "").Replace('_', ' ')) == Normalize(Label.Replace('_', ' '))
            where Id is null || task.TaskId == Id
            where Status is null || Normalize(content.Status) == Normalize(Status)
            where Type is null || Normalize(content.ExecutionType) == Normalize(Type)
            where Run is null || content.RunId == Run
            where !(halfDay < FromHalfDay) && !(halfDay >= ToHalfDay)
            select task;

        private static string FormatParameter(string name, string? value) => value is null ? "" : $"{name}={Uri.EscapeDataString(value)}";

        private static string Normalize(string text) => text.Trim().ToLowerInvariant();
    }
}
