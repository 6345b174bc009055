using System.Text;
using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using CsCheck;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>
/// Random tokens, headers, queries and bodies. The server responds, or closes the connection, in bounded time; no response is a 500;
/// every error of the pipeline has the same body. <c>CsCheck_Time=600</c> runs for ten minutes.
/// </summary>
internal sealed class FuzzTests : AttackFixture
{
    private static readonly string[] InternalDetails =
        ["Exception", "   at ", "SELECT ", "SQLite", "Microsoft.", "Analytics.A", "Data Source", Tokens.SigningKey];

    [Test]
    public Task Fuzzed_request_gets_a_response_without_server_error_or_leak() => FuzzGenerators.Requests.SampleAsync(async request =>
    {
        var response = await AttackClient.SendAsync(Service.Address, request.Bytes);

        AssertIsNoServerErrorOrLeak(response);
    }, iter: TestDepth.Select(500, 4_000), threads: 4);

    [Test]
    public Task Fuzzed_bytes_get_no_response_or_one_without_server_error_or_leak() => FuzzGenerators.Bytes.SampleAsync(async bytes =>
    {
        // The bytes are an incomplete request: the server rightly waits for more.
        var response = await AttackClient.SendAsync(Service.Address, bytes, hangUpIfNoResponse: true);

        if (response.Length > 0)
        {
            AssertIsNoServerErrorOrLeak(response);
        }
    }, iter: TestDepth.Select(100, 800), threads: 4);

    private static void AssertIsNoServerErrorOrLeak(string response)
    {
        var reply = Reply.Parse(response);

        // The server itself rejects an unknown HTTP version, with this status.
        Assert.That(reply.Status, Is.LessThan(500).Or.EqualTo(505), response);
        Assert.That(InternalDetails.Where(detail => reply.Body.Contains(detail, StringComparison.Ordinal)), Is.Empty, response);
        Assert.That(reply.Body, Does.Not.Contain(Victim.Marker).IgnoreCase);
        if (reply.Status >= 400 && !IsKestrelError(reply))
        {
            AssertHasErrorBody(reply);
        }
    }

    private static void AssertHasErrorBody(Reply reply)
    {
        var body = JsonNode.Parse(Encoding.Latin1.GetBytes(GetBody(reply)))!;

        Assert.That((int)body["status_code"]!, Is.EqualTo(reply.Status));
        Assert.That((string)body["message"]!, Is.Not.Empty);
        Assert.That((string)body["request_id"]!, Is.EqualTo(reply["X-Request-Id"]));
        Assert.That(body.AsObject().Select(member => member.Key).Except(["status_code", "message", "code", "errors", "request_id"]),
            Is.Empty);
        Assert.That((reply["Cache-Control"], reply["Content-Type"]), Is.EqualTo(("no-store", "application/json; charset=utf-8")));
    }

    // If an error is chunked, it is one chunk.
    private static string GetBody(Reply reply) => reply["Transfer-Encoding"] is null ? reply.Body : reply.Body.Split("\r\n")[1];

    // Bytes that are not a request never reach the pipeline: the server rejects them without a body.
    private static bool IsKestrelError(Reply reply) => reply["X-Request-Id"] is null && reply.Body.Length == 0;
}
