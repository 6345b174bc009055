using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.FunctionalTests.Support;

/// <summary>
/// What writers sent, and what was acknowledged. Each writer numbers its pushes: a push adds new tasks, and updates the same
/// two tasks of the writer. So the stored tasks show which pushes are complete, and which was the last.
/// </summary>
internal sealed class PushRecorder
{
    private const int NewTasksPerPush = 3;
    private const int UpdatedTasksPerPush = 2;
    private const string UpdatedTaskMarker = "updated";

    private readonly ConcurrentDictionary<int, int> _sent = new();
    private readonly ConcurrentDictionary<PushId, bool> _acknowledged = new();

    // The number of acknowledged pushes.
    public int AcknowledgedPushCount => _acknowledged.Count;

    // The number of tasks that every later response must count at least.
    public int AcknowledgedTaskCount => _acknowledged.Count * NewTasksPerPush;

    // Sends a writer's next push. As in production, one writer retries what was not acknowledged, and another continues.
    public async Task<Reply> PushNextAsync(Uri service, int writer)
    {
        var last = new PushId(writer, _sent.GetValueOrDefault(writer));
        var startsNewPush = last.Number == 0 || writer % 2 == 0 || _acknowledged.ContainsKey(last);
        return await PushAsync(service, startsNewPush ? last with { Number = last.Number + 1 } : last);
    }

    // Replays a writer's last push, acknowledged or not.
    public Task<Reply> RetryLastPushAsync(Uri service, int writer) => PushAsync(service, new PushId(writer, _sent[writer]));

    // Sends a writer's next push, and disconnects before the response.
    public Task PushAndDisconnectAsync(Uri service, int writer, TimeSpan delay)
    {
        var number = _sent.AddOrUpdate(writer, 1, (_, sent) => sent + 1);
        var push = PushId.CreatePush(new PushId(writer, number));
        return RawHttp.SendAndDisconnectAsync(service, "POST", push.Target, push.AllHeaders, push.Body, push.Body.Length, delay);
    }

    // Compares the recorded pushes with the stored tasks, and the service's numbers with those.
    public async Task AssertConsistentAsync(Uri service)
    {
        var tasks = (await GetAsync(service, new AnalyticsRequest { Path = TaskListRequests.Path, Query = "format=ndjson" })).Body
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var pushedTasks = tasks.Where(task => PushId.Parse(task) is not null).ToLookup(IsUpdatedTask);
        var newTaskCounts = pushedTasks[false].CountBy(task => PushId.Parse(task)!).ToDictionary();
        var updatedTasks = pushedTasks[true].GroupBy(task => PushId.Parse(task)!).ToList();
        var analytics = (await GetAsync(service, new AnalyticsRequest { Query = "include=components" })).Json["data"]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_acknowledged.Keys.Where(pushId => !newTaskCounts.ContainsKey(pushId)), Is.Empty, "Acknowledged but lost");
            Assert.That(newTaskCounts.Where(pushId => pushId.Value != NewTasksPerPush), Is.Empty, "A partial push");
            Assert.That(updatedTasks.Where(pushId => pushId.Count() != UpdatedTasksPerPush), Is.Empty, "A partial push of updated tasks");
            Assert.That(updatedTasks.Select(pushId => pushId.Key), Is.EquivalentTo(newTaskCounts.Keys.GroupBy(pushId => pushId.Writer)
                .Select(pushIds => pushIds.MaxBy(pushId => pushId.Number))), "The last stored push of each writer");

            Assert.That((int)analytics["call_status"]!["total_tasks"]!, Is.EqualTo(tasks.Count));
            Assert.That((int)analytics["call_analytics"]!["interested"]!,
                Is.EqualTo(tasks.Count(task => (string?)task["outcome"] == "interested")));
            Assert.That((decimal)analytics["components"]!["duration_seconds_sum"]!,
                Is.EqualTo(tasks.Sum(task => (decimal?)task["duration_seconds"])));
        }
    }

    private async Task<Reply> PushAsync(Uri service, PushId pushId)
    {
        _sent[pushId.Writer] = pushId.Number;
        var push = PushId.CreatePush(pushId);
        var reply = await RawHttp.SendAsync(service, "POST", push.Target, push.AllHeaders, push.Body);
        if (reply.Status == 200)
        {
            var (inserted, updated, unchanged, rejected) = reply.GetCounts();
            Assert.That((inserted + updated + unchanged, rejected), Is.EqualTo((NewTasksPerPush + UpdatedTasksPerPush, 0)));
            _acknowledged[pushId] = true;
        }

        return reply;
    }

    private static async Task<Reply> GetAsync(Uri service, AnalyticsRequest request)
    {
        var reply = await RawHttp.SendAsync(service, request.Method, request.Target, request.AllHeaders);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        return reply;
    }

    private static bool IsUpdatedTask(JsonNode task) => ((string)task["task_id"]!).Contains(UpdatedTaskMarker, StringComparison.Ordinal);

    // The run of a push's tasks.
    private sealed record PushId(int Writer, int Number)
    {
        private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public static PushId? Parse(JsonNode task) => ((string)task["run_id"]!).Split('/') is [var writer, var number]
            ? new PushId(int.Parse(writer, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture))
            : null;

        public static PushRequest CreatePush(PushId pushId) => PushRequest.Create(
            Enumerable.Range(0, NewTasksPerPush).Select(i => $"{pushId.Writer}/{pushId.Number}/{i}")
                .Concat(Enumerable.Range(0, UpdatedTasksPerPush).Select(i => $"{pushId.Writer}/{UpdatedTaskMarker}/{i}"))
                .Select(id => new NativeTask(id)
                {
                    RunId = $"{pushId.Writer}/{pushId.Number}",
                    Outcome = pushId.Number % 2 == 0 ? "Interested" : "Call Back",
                    DurationSeconds = pushId.Number,
                    CreatedAt = $"{Start:O}",
                    UpdatedAt = $"{Start.AddSeconds(pushId.Number):O}",
                }));
    }
}
