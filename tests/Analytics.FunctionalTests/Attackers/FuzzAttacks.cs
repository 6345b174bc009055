using System.Text;
using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using CsCheck;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>
/// Random tokens, headers, queries and bodies: each is answered, or cut off, in bounded time, no answer is a defect of ours,
/// and every error that the pipeline finds is in the one body. <c>CsCheck_Time=600</c> goes on for ten minutes.
/// </summary>
internal sealed class FuzzAttacks : AttackedFixture
{
    private static readonly string[] OursAlone = ["Exception", "   at ", "SELECT ", "SQLite", "Microsoft.", "Analytics.A", "Data Source", Tokens.Key];

    [Test]
    public Task EveryRequestHasAnOrderlyAnswer() => Fuzz.Requests.SampleAsync(async request =>
    {
        var answer = await Attack.SendAsync(Service.Address, request.Bytes);

        AssertIsOrderly(answer);
    }, iter: TestDepth.Select(500, 4_000), threads: 4);

    [Test]
    public Task EveryRunOfBytesHasAnOrderlyAnswerOrNone() => Fuzz.Bytes.SampleAsync(async bytes =>
    {
        // What is left of it is all that comes: it is no fault to wait for more.
        var answer = await Attack.SendAsync(Service.Address, bytes, thenEnds: true);

        if (answer.Length > 0)
        {
            AssertIsOrderly(answer);
        }
    }, iter: TestDepth.Select(100, 800), threads: 4);

    private static void AssertIsOrderly(string answer)
    {
        var reply = Reply.Parse(answer);

        // A version of HTTP that there is not is the server's to refuse, and this is how.
        Assert.That(reply.Status, Is.LessThan(500).Or.EqualTo(505), answer);
        Assert.That(OursAlone.Where(word => reply.Body.Contains(word, StringComparison.Ordinal)), Is.Empty, answer);
        Assert.That(reply.Body, Does.Not.Contain(Victim.Mark).IgnoreCase);
        if (reply.Status >= 400 && !IsOfTheServer(reply))
        {
            AssertIsInTheEnvelope(reply);
        }
    }

    private static void AssertIsInTheEnvelope(Reply reply)
    {
        var body = JsonNode.Parse(Encoding.Latin1.GetBytes(Whole(reply)))!;

        Assert.That((int)body["status_code"]!, Is.EqualTo(reply.Status));
        Assert.That((string)body["message"]!, Is.Not.Empty);
        Assert.That((string)body["request_id"]!, Is.EqualTo(reply["X-Request-Id"]));
        Assert.That(body.AsObject().Select(member => member.Key).Except(["status_code", "message", "errors", "request_id"]), Is.Empty);
        Assert.That((reply["Cache-Control"], reply["Content-Type"]), Is.EqualTo(("no-store", "application/json; charset=utf-8")));
    }

    /// <summary>An error comes in one chunk, where it comes in chunks.</summary>
    private static string Whole(Reply reply) => reply["Transfer-Encoding"] is null ? reply.Body : reply.Body.Split("\r\n")[1];

    /// <summary>Bytes that are no request never come to the pipeline: the server itself says so, without a body.</summary>
    private static bool IsOfTheServer(Reply reply) => reply["X-Request-Id"] is null && reply.Body.Length == 0;
}
