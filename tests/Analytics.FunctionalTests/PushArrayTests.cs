using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>
/// A push as a JSON array means the same as one of lines. Whatever a tool did to line breaks, its user learns what to change.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class PushArrayTests(DatabaseEngine engine)
{
    private const string UseDataBinary =
        "send each task as one line (jq -c makes it), with --data-binary if you use curl, since --data removes line breaks.";

    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartServiceAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [TestCase(false, false), TestCase(true, false), TestCase(false, true)]
    public async Task Array_is_written_like_lines(bool isIndented, bool isCompressed)
    {
        NativeTask[] tasks = [new("a") { Outcome = "Interested" }, new("b") { Outcome = "[,]\"}" }];
        var array = new JsonArray([.. tasks.Select(task => JsonNode.Parse(task.ToLine()))]);
        var text = array.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = isIndented });
        var push = PushRequest.FromText($"\uFEFF{text}\n") with { ContentType = "application/json; charset=UTF-8" };

        var reply = await _service.PushAsync(isCompressed ? push.WithGzip() : push);
        var repeated = await _service.PushAsync(tasks);

        Assert.That(reply.GetCounts(), Is.EqualTo((2, 0, 0, 0)), reply.Body);
        Assert.That(repeated.GetCounts(), Is.EqualTo((0, 0, 2, 0)));
    }

    [Test]
    public async Task Invalid_items_are_rejected_by_index_and_the_others_are_written()
    {
        var good = new NativeTask("good").ToLine();
        var items = $$"""[17,{{good}},{"task_id":"bad","space_token":"SALES"},null,"x",[{{good}}],{"made_up":1}]""";

        var reply = await _service.PushAsync(PushRequest.FromText(items) with { ContentType = "application/json" });

        Assert.That((reply.GetCounts().Inserted, reply.GetCounts().Rejected), Is.EqualTo((1, 6)));
        var errors = reply.Json["data"]!["errors"]!.AsArray();
        Assert.That(errors.Select(error => (int)error!["index"]!), Is.EqualTo(new[] { 0, 2, 3, 4, 5, 6 }));
        Assert.That(errors.Where(error => error!.AsObject().ContainsKey("line")), Is.Empty);
        Assert.That(((string?)errors[1]!["task_id"], (string?)errors[1]!["message"]), Is.EqualTo(("bad", "status is missing.")));
        Assert.That((string?)errors[0]!["message"], Is.EqualTo("The item is not a JSON object: each item must be one task."));
    }

    [Test]
    public async Task Empty_array_changes_nothing() => Assert.That(
        (await _service.PushAsync(PushRequest.FromText("[ ]") with { ContentType = "application/json" })).GetCounts(),
        Is.EqualTo((0, 0, 0, 0)));

    [Test]
    public async Task Largest_allowed_array_is_accepted()
    {
        var items = $"[{string.Join(',', Enumerable.Repeat("{}", 10_000))}]";

        var reply = await _service.PushAsync(PushRequest.FromText(items) with { ContentType = "application/json" });

        Assert.That(reply.GetCounts(), Is.EqualTo((0, 0, 0, 10_000)));
        Assert.That(reply.Json["data"]!["errors"]!.AsArray(), Has.Count.EqualTo(100));
    }

    [TestCase("{\n  \"task_id\": \"a\"\n}", 3, $"The line is not JSON: {UseDataBinary}")]
    [TestCase("{}{}", 1, $"The line holds more than one JSON value: {UseDataBinary}")]
    [TestCase("[{},{}]", 1, "The line is a JSON array: send an array as application/json, or each of its tasks as one line.")]
    [TestCase("17", 1, "The line is not a JSON object: each line must hold one task.")]
    [TestCase("{}", 1, "task_id is missing.")]
    [TestCase("\n\uFEFF{}", 1, "The line begins with a byte order mark, as where files were joined: remove it.")]
    public async Task Line_that_is_not_one_task_tells_how_to_send_it(string text, int rejected, string message)
    {
        var reply = await _service.PushAsync(PushRequest.FromText(text));

        Assert.That((reply.GetCounts().Rejected, reply.GetErrors().First().Message), Is.EqualTo(((long)rejected, message)));
    }
}
