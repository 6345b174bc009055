using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>
/// What writers sent and what was acknowledged. Each writer numbers its pushes: a push brings tasks of its own, and changes
/// those that the writer keeps. So what is stored tells which pushes are whole, and which came last.
/// </summary>
internal sealed class Ledger
{
    private const int Own = 3;
    private const int Kept = 2;
    private const string KeptName = "kept";

    private readonly ConcurrentDictionary<int, int> _sent = new();
    private readonly ConcurrentDictionary<Run, bool> _acknowledged = new();

    /// <summary>How many pushes were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>How many tasks every answer must count from now on.</summary>
    public int AcknowledgedTasks => _acknowledged.Count * Own;

    /// <summary>Sends a writer's next push. As in life, one writer sends again what was not acknowledged, and another goes on.</summary>
    public async Task<Reply> PushNextAsync(Uri service, int writer)
    {
        var last = new Run(writer, _sent.GetValueOrDefault(writer));
        var goesOn = last.Number == 0 || writer % 2 == 0 || _acknowledged.ContainsKey(last);
        return await PushAsync(service, goesOn ? last with { Number = last.Number + 1 } : last);
    }

    /// <summary>Sends a writer's last push again, acknowledged or not.</summary>
    public Task<Reply> PushAgainAsync(Uri service, int writer) => PushAsync(service, new Run(writer, _sent[writer]));

    /// <summary>Sends a writer's next push, and is gone before it is answered.</summary>
    public Task PushAndLeaveAsync(Uri service, int writer, TimeSpan stay)
    {
        var number = _sent.AddOrUpdate(writer, 1, (_, sent) => sent + 1);
        var push = Run.PushOf(new Run(writer, number));
        return Wire.LeaveAsync(service, "POST", push.Target, push.AllHeaders, push.Body, push.Body.Length, stay);
    }

    /// <summary>Compares the ledger with what the service says that is stored, and its numbers with that.</summary>
    public async Task AssertHoldsAsync(Uri service)
    {
        var tasks = (await AskAsync(service, new Question { Path = TaskPages.Path, Query = "format=ndjson" })).Body
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var ours = tasks.Where(task => Run.Of(task) is not null).ToLookup(IsKept);
        var own = ours[false].CountBy(task => Run.Of(task)!).ToDictionary();
        var kept = ours[true].GroupBy(task => Run.Of(task)!).ToList();
        var numbers = (await AskAsync(service, new Question { Query = "include=components" })).Json["data"]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_acknowledged.Keys.Where(run => !own.ContainsKey(run)), Is.Empty, "Acknowledged and lost");
            Assert.That(own.Where(run => run.Value != Own), Is.Empty, "Half of a push");
            Assert.That(kept.Where(run => run.Count() != Kept), Is.Empty, "Half of a push that changes tasks");
            Assert.That(kept.Select(run => run.Key), Is.EquivalentTo(own.Keys.GroupBy(run => run.Writer).Select(runs => runs.MaxBy(run => run.Number))), "Of each writer the last push that is stored");

            Assert.That((int)numbers["call_status"]!["total_tasks"]!, Is.EqualTo(tasks.Count));
            Assert.That((int)numbers["call_analytics"]!["interested"]!, Is.EqualTo(tasks.Count(task => (string?)task["outcome"] == "interested")));
            Assert.That((decimal)numbers["components"]!["duration_seconds_sum"]!, Is.EqualTo(tasks.Sum(task => (decimal?)task["duration_seconds"])));
        }
    }

    private async Task<Reply> PushAsync(Uri service, Run run)
    {
        _sent[run.Writer] = run.Number;
        var push = Run.PushOf(run);
        var reply = await Wire.SendAsync(service, "POST", push.Target, push.AllHeaders, push.Body);
        if (reply.Status == 200)
        {
            var (inserted, updated, unchanged, rejected) = reply.Counts();
            Assert.That((inserted + updated + unchanged, rejected), Is.EqualTo((Own + Kept, 0)));
            _acknowledged[run] = true;
        }

        return reply;
    }

    private static async Task<Reply> AskAsync(Uri service, Question question)
    {
        var reply = await Wire.SendAsync(service, question.Method, question.Target, question.AllHeaders);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        return reply;
    }

    private static bool IsKept(JsonNode task) => ((string)task["task_id"]!).Contains(KeptName, StringComparison.Ordinal);

    /// <summary>The run of a push's tasks.</summary>
    private sealed record Run(int Writer, int Number)
    {
        private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public static Run? Of(JsonNode task) => ((string)task["run_id"]!).Split('/') is [var writer, var number]
            ? new Run(int.Parse(writer, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture))
            : null;

        public static Push PushOf(Run run) => Push.Of(
            Enumerable.Range(0, Own).Select(i => $"{run.Writer}/{run.Number}/{i}")
                .Concat(Enumerable.Range(0, Kept).Select(i => $"{run.Writer}/{KeptName}/{i}"))
                .Select(id => new NativeTask(id)
                {
                    RunId = $"{run.Writer}/{run.Number}",
                    Outcome = run.Number % 2 == 0 ? "Interested" : "Call Back",
                    DurationSeconds = run.Number,
                    CreatedAt = $"{Start:O}",
                    UpdatedAt = $"{Start.AddSeconds(run.Number):O}",
                }));
    }
}
