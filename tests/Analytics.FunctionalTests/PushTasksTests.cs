using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Analytics.FunctionalTests;

/// <summary>The next response counts each pushed task once, however often and in whatever batch it is sent.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class PushTasksTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;
    private LogRecorder _log = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _log = new LogRecorder(LogLevel.Information);
        _service = await Acme.StartServiceAsync(engine, services => services.AddSingleton<ILoggerProvider>(_log),
            ("Logging:LogLevel:Analytics.Application.Observability", "Information"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _service.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task Acknowledged_tasks_are_in_the_next_response()
    {
        for (var calls = 2; calls <= 4; calls++)
        {
            var reply = await _service.PushAsync(new NativeTask($"call {calls}") { Outcome = "Interested" });

            Assert.That((reply.Status, reply.Message, reply.GetCounts()), Is.EqualTo((200, "Tasks written successfully", (1, 0, 0, 0))));
            Assert.That((int)(await _service.SendAsync()).Json["data"]!["call_analytics"]!["interested"]!, Is.EqualTo(calls));
        }
    }

    [Test]
    public async Task Replayed_push_changes_nothing()
    {
        var push = PushRequest.Create(new NativeTask("first") { Outcome = "Call Back" },
            new NativeTask("a") { UpdatedAt = "2026-01-02T03:04:05Z" }, new NativeTask("b") { Status = "pending" });
        var first = await _service.PushAsync(push);
        var before = await _service.SendAsync();

        var replay = await _service.PushAsync(push);
        var after = await _service.SendAsync();

        Assert.That((first.GetCounts(), replay.GetCounts()), Is.EqualTo(((2, 1, 0, 0), (0, 0, 3, 0))));
        Assert.That((after["ETag"], after.Body), Is.EqualTo((before["ETag"], before.Body)), "Not even the version changes");
    }

    [Test]
    public async Task Replayed_push_with_several_lines_per_task_changes_nothing()
    {
        var push = PushRequest.Create(
            new NativeTask("a") { Status = "pending" }, new NativeTask("a") { Status = "in_progress" }, new NativeTask("a"), new NativeTask(
                "first") { Deleted = true }, new NativeTask("first") { Outcome = "Interested", CreatedAt = "2026-01-02T03:04:05Z" });
        var first = await _service.PushAsync(push);
        var before = await _service.ListTasksAsync();

        var replay = await _service.PushAsync(push);
        var after = await _service.ListTasksAsync();

        Assert.That((first.GetCounts(), replay.GetCounts()), Is.EqualTo(((1, 1, 3, 0), (0, 0, 5, 0))));
        Assert.That((after["ETag"], after.Body), Is.EqualTo((before["ETag"], before.Body)));
    }

    [Test]
    public async Task Durations_whose_sum_could_overflow_are_rejected_lines()
    {
        var reply = await _service.PushAsync(
            new NativeTask("week") { DurationSeconds = 604_800 },
            new NativeTask("a") { DurationSeconds = 604_801 },
            new NativeTask("b") { DurationSeconds = long.MaxValue });

        Assert.That((reply.Status, reply.GetCounts()), Is.EqualTo((200, (1, 0, 0, 2))));
        Assert.That(reply.GetErrors().Select(error => error.Message), Is.All.EqualTo("duration_seconds must be 0 to 604800."));
    }

    [Test]
    public async Task Invalid_line_does_not_reject_other_lines()
    {
        var reply = await _service.PushAsync(PushRequest.FromText(
            $$"""
            {{new NativeTask("a").ToLine()}}
            {{new NativeTask("b") { SpaceToken = "NOWHERE" }.ToLine()}}

            a name that is none of ours
            [1]
            {"task_id":"c","space_token":"SALES","status":"completed","phone":"+91 98765 43210"}
            {{new NativeTask("a") { Status = "failed" }.ToLine()}}
            """));

        Assert.That(reply.GetCounts(), Is.EqualTo((1, 0, 1, 4)), "Two lines of one task are combined first");
        Assert.That(reply.GetErrors().Select(error => (error.Line, error.TaskId)),
            Is.EqualTo(new[] { (2L, "b"), (4, null), (5, null), (6, "c") }));
        Assert.That(reply.Body, Does.Not.Contain("98765").And.Not.Contain("none of ours"), "A line's content is not echoed");
        Assert.That((int)(await _service.SendAsync()).Json["data"]!["call_status"]!["failed"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task First_100_rejected_lines_are_listed_and_all_are_counted()
    {
        var reply = await _service.PushAsync(
            PushRequest.FromText(string.Join('\n', Enumerable.Repeat("{}", 250).Append(new NativeTask("a").ToLine()))));

        Assert.That(reply.GetCounts(), Is.EqualTo((1, 0, 0, 250)));
        Assert.That(reply.GetErrors().Select(error => error.Line), Is.EqualTo(Enumerable.Range(1, 100)));
    }

    [Test]
    public async Task Deleted_task_is_removed_from_the_totals()
    {
        var deleted = await _service.PushAsync(PushRequest.FromText("""{"task_id":"first","deleted":true}"""));
        var replay = await _service.PushAsync(PushRequest.FromText("""{"task_id":"first","deleted":true}"""));

        Assert.That((deleted.GetCounts(), replay.GetCounts()), Is.EqualTo(((0, 1, 0, 0), (0, 0, 1, 0))));
        Assert.That((int)(await _service.SendAsync()).Json["data"]!["call_status"]!["total_tasks"]!, Is.Zero);
    }

    [Test]
    public async Task Product_of_the_request_applies_to_tasks_without_one()
    {
        await _service.PushAsync(
            PushRequest.Create(new NativeTask("a"), new NativeTask("b") { ProductId = "other.dev" }) with { Product = " mine.dev " });

        Assert.That((await CountTasksAsync("mine.dev"), await CountTasksAsync("other.dev"), await CountTasksAsync(null)),
            Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task Gzip_body_is_equivalent_to_a_plain_body([Values("gzip", "GZIP", "x-gzip")] string encoding)
    {
        var push = PushRequest.Create(Enumerable.Range(0, 5_000).Select(i => new NativeTask($"task {i}")));

        var compressed = await _service.PushAsync(push.WithGzip() with { ContentEncoding = encoding });
        var plain = await _service.PushAsync(
            push with { ContentEncoding = "identity", ContentType = "Application/X-NDJSON; charset=\"UTF-8\"" });

        Assert.That((compressed.GetCounts(), plain.GetCounts()), Is.EqualTo(((5_000, 0, 0, 0), (0, 0, 5_000, 0))));
        Assert.That((await _service.VerifyAsync()).Single() is { IsClean: true, Tasks: 5_001 });
    }

    [Test]
    public async Task Multi_member_gzip_is_accepted()
    {
        var (one, other) =
            (PushRequest.Create(new NativeTask("a")).WithGzip(), PushRequest.FromText($"\n{new NativeTask("b").ToLine()}").WithGzip());

        var reply = await _service.PushAsync(one with { Body = (byte[])[.. one.Body.Span, .. other.Body.Span] });

        Assert.That(reply.GetCounts(), Is.EqualTo((2, 0, 0, 0)));
    }

    [TestCase("application/x-ndjson", null), TestCase(null, null), TestCase("application/x-ndjson", "gzip")]
    public async Task Empty_body_returns_zero_counts(string? contentType, string? encoding)
    {
        var reply = await _service.PushAsync(new PushRequest { ContentType = contentType, ContentEncoding = encoding });

        Assert.That(reply.Body, Is.EqualTo(
            """{"status_code":200,"message":"Tasks written successfully","data":{"inserted":0,"updated":0,"unchanged":0,"rejected":0,"errors":[]}}"""));
    }

    [Test]
    public async Task Trailing_slash_is_optional()
    {
        var reply = await _service.PushAsync(PushRequest.Create(new NativeTask("a")) with { Target = PushRequest.Path.TrimEnd('/') });

        Assert.That((reply.Status, reply["Cache-Control"], reply["ETag"]), Is.EqualTo((200, "private, no-cache", (string?)null)));
    }

    [Test]
    public async Task Concurrent_pushes_are_all_counted()
    {
        const int PushCount = 40;
        var pushes = Enumerable.Range(0, PushCount).Select(push => _service.PushAsync(
            Enumerable.Range(0, 25).Select(i => new NativeTask($"{push}-{i}")).Append(new NativeTask("shared") { Agent = $"{push}" })));
        var replies = await Task.WhenAll(pushes);

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That(replies.Sum(reply => reply.GetCounts().Inserted), Is.EqualTo((PushCount * 25) + 1));
        Assert.That((await _service.VerifyAsync()).Single() is { IsClean: true, Tasks: (PushCount * 25) + 2 });
    }

    [Test]
    public async Task Every_push_is_audited()
    {
        await _service.PushAsync(PushRequest.FromText($$"""
            {{new NativeTask("a").ToLine()}}
            {{new NativeTask("first").ToLine()}}
            a name that is none of ours
            """) with { Headers = [("X-Request-Id", "one")] });
        await _service.PushAsync(new PushRequest { Headers = [("X-Request-Id", "two")] });

        Assert.That(_log.GetMessages("AuditLog"), Is.EqualTo(
        [
            "Audit: tasks written by user 9, organisation 1: inserted 1, updated 1, unchanged 0, rejected 1, request one",
            "Audit: tasks written by user 9, organisation 1: inserted 0, updated 0, unchanged 0, rejected 0, request two",
        ]));
    }

    private async Task<int> CountTasksAsync(string? product) =>
        (int)(await _service.SendAsync(new AnalyticsRequest { Product = product })).Json["data"]!["call_status"]!["total_tasks"]!;
}
