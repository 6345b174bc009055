using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Pushed tasks: to the demo only, each test to a product of its own, so that the documented numbers stay.</summary>
internal sealed class PushTests
{
    private const string Handle = "recalll.co";
    private const string Space = "F1O3QJM1Y7Q1AVVUYNV4VPRB";
    private const string ArrayType = "application/json";

    private static ApiClient Api => Deployment.Api;

    [OneTimeSetUp]
    public void RequireDemo() => Deployment.RequireDemo();

    [Test]
    public async Task Next_report_contains_an_acknowledged_push()
    {
        const string Product = "contract-tests.read-your-writes";
        var before = await ReadAsync(Product);
        var push = await PushAsync(Product, CreateTask("read-your-writes-1", "Interested"), CreateTask("read-your-writes-2", "Voicemail"));
        var after = await ReadAsync(Product);

        AssertCounts(push, inserted: 2);
        Assert.That((Counts.Of(after.Data)["call_analytics.total_calls"], Counts.Of(after.Data)["call_analytics.interested"]),
            Is.EqualTo((2m, 1m)), push.Explain("A write that has been acknowledged is in the next report.", after));
        Assert.That(after["ETag"], Is.Not.EqualTo(before["ETag"]), before.Explain("A change changes the ETag.", after));
    }

    [Test]
    public async Task Push_that_is_sent_again_changes_nothing()
    {
        const string Product = "contract-tests.retry";
        await PushAsync(Product, CreateTask("retry-1", "Interested"));
        var before = await ReadAsync(Product);
        var again = await PushAsync(Product, CreateTask("retry-1", "Interested"));
        var after = await ReadAsync(Product);

        AssertCounts(again, unchanged: 1);
        Assert.That(after["ETag"], Is.EqualTo(before["ETag"]), before.Explain("A write without effect does not change the ETag.", after));
    }

    [Test]
    public async Task Older_write_changes_nothing_and_a_newer_one_replaces_the_whole_task()
    {
        const string Product = "contract-tests.order";
        await PushAsync(Product, CreateTask("order-1", "Interested"));
        var older = await PushAsync(Product, CreateTask("order-1", "Call Back", "2026-01-01T00:00:00Z"));
        var newer = await PushAsync(Product, CreateTask("order-1", "Not Interested", "2026-01-03T00:00:00Z"));
        var report = await ReadAsync(Product);

        AssertCounts(older, unchanged: 1);
        AssertCounts(newer, updated: 1);
        Assert.That((Counts.Of(report.Data)["call_analytics.interested"], Counts.Of(report.Data)["call_analytics.not_interested"]),
            Is.EqualTo((0m, 1m)), newer.Explain("The write with the latest updated_at wins.", report));
    }

    [Test]
    public async Task Deleted_task_is_neither_counted_nor_listed()
    {
        const string Product = "contract-tests.delete";
        await PushAsync(Product, CreateTask("delete-1", "Interested"));
        var deleted =
            await PushAsync(Product, """{"task_id":"contract-tests-delete-1","deleted":true,"updated_at":"2026-01-03T00:00:00Z"}""");
        var report = await ReadAsync(Product);
        var list = await ReadAsync(Product, Routes.Tasks);

        AssertCounts(deleted, updated: 1);
        Assert.That(Counts.AreZero(report.Data), Is.True, deleted.Explain("A deleted task is not counted.", report));
        Assert.That(list.Data.GetProperty("tasks").GetArrayLength(), Is.Zero, deleted.Explain("A deleted task is not listed.", list));
    }

    [Test]
    public async Task Invalid_lines_are_rejected_by_line_and_the_others_are_written()
    {
        var push = await PushAsync("contract-tests.rejected", CreateTask("rejected-1", "Interested"), """{"task_id":"rejected-2"}""", "{}");

        AssertCounts(push, inserted: 1, rejected: 2);
        Assert.That(push.Data.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()),
            Is.EqualTo([2, 3]),
            push.Explain("Rejected lines are named by their number, from 1."));
    }

    [Test]
    public async Task Array_is_accepted_and_its_errors_have_indexes()
    {
        var push = await PushAsync(CreatePush("contract-tests.array", $"[{CreateTask("array-1", "Interested")},{{}}]") with
        {
            ContentType = ArrayType,
        });

        AssertCounts(push, inserted: 1, rejected: 1);
        Assert.That(push.Data.GetProperty("errors")[0].GetProperty("index").GetInt32(), Is.EqualTo(1),
            push.Explain("Rejected items of an array are named by their index, from 0."));
    }

    [Test]
    public async Task Compressed_body_is_accepted()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(CreateTask("gzip-1", "Interested")));
        }

        var request = CreatePush("contract-tests.gzip", "");
        var push = await PushAsync(request with
        {
            Body = compressed.ToArray(),
            Headers = [.. request.Headers, ("Content-Encoding", "gzip")],
        });

        AssertCounts(push, inserted: 1);
    }

    [TestCase("application/json", "{", 400, "invalid_body"), TestCase("text/csv", "a", 415, "unsupported_media_type")]
    [TestCase("application/x-ndjson", "\u0000", 200, null)]
    public async Task Body_that_is_not_what_its_headers_say_is_rejected(string contentType, string body, int status, string? code)
    {
        var reply = await Api.SendAsync(CreatePush("contract-tests.invalid", body) with { ContentType = contentType });

        Assert.That((reply.Status, reply.Json.TryGetProperty("code", out var value) ? value.GetString() : null), Is.EqualTo((status, code)),
            reply.Explain("A body that is not an array of its type is a 400 or 415; a line that is not JSON is rejected alone."));
    }

    [Test]
    public async Task More_than_10_000_lines_are_a_413()
    {
        var reply = await Api.SendAsync(CreatePush("contract-tests.large", string.Concat(Enumerable.Repeat("{}\n", 10_001))));

        Assert.That((reply.Status, reply.Json.GetProperty("code").GetString()), Is.EqualTo((413, "body_too_large")),
            reply.Explain("A push has at most 10,000 lines."));
    }

    private static Task<Reply> PushAsync(string product, params string[] lines) => PushAsync(CreatePush(product, string.Join('\n', lines)));

    private static async Task<Reply> PushAsync(ContractRequest push)
    {
        var reply = await Api.SendAsync(push);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Explain("A push is acknowledged with 200."));
        return reply;
    }

    private static async Task<Reply> ReadAsync(string product, string path = Routes.Analytics)
    {
        var reply = await Api.SendAsync(new ContractRequest("", path) { Handle = Handle, Headers = [("Product-Id", product)] });
        Assert.That(reply.Status, Is.EqualTo(200), reply.Explain("A valid request is answered with 200."));
        return reply;
    }

    private static void AssertCounts(Reply push, int inserted = 0, int updated = 0, int unchanged = 0, int rejected = 0) => Assert.That(
        (Read(push, "inserted"), Read(push, "updated"), Read(push, "unchanged"), Read(push, "rejected")),
        Is.EqualTo((inserted, updated, unchanged, rejected)), push.Explain("Each line counts once, by what it did."));

    private static int Read(Reply push, string name) => push.Data.GetProperty(name).GetInt32();

    private static ContractRequest CreatePush(string product, string body) => new("", Routes.Push)
    {
        Method = HttpMethod.Post,
        Handle = Handle,
        Headers = [("Product-Id", product)],
        Body = Encoding.UTF8.GetBytes(body),
    };

    private static string CreateTask(string id, string label, string updatedAt = "2026-01-02T00:00:00Z") => JsonSerializer.Serialize(new
    {
        task_id = $"contract-tests-{id}",
        space_token = Space,
        status = "completed",
        outcome = label,
        created_at = "2026-01-01T00:00:00Z",
        updated_at = updatedAt,
    });
}
