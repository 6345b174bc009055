using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.FunctionalTests.Support;

/// <summary>An answer's data, by going through the tasks again for every number.</summary>
internal sealed class NaiveAnswer(RandomQuestion question, NaiveWindows windows, Timestamp changedAt)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Outcomes = ["interested", "call_back", "send_details", "not_interested", "not_connected", "failed"];

    private static readonly string[] States = ["completed", "failed", "pending", "in_progress"];

    /// <summary>JSON with every character as itself.</summary>
    public static string Text(JsonNode json) => json.ToJsonString(Readable);

    /// <summary>The data.</summary>
    /// <param name="counting">The tasks of the spaces that count and of the product.</param>
    public JsonObject Of(IEnumerable<TaskContent> counting)
    {
        var tasks = counting.Where(IsAsked).ToList();
        var inWindow = tasks.Where(task => !(task.CreatedAt < windows.From) && !(task.CreatedAt >= windows.To)).ToList();
        var data = Blocks(inWindow);
        if (question.Compare is not null)
        {
            data["comparison"] = Comparison(Within(tasks, windows.Earlier), Within(tasks, windows.Current));
        }

        if (question.Interval is not null)
        {
            data["series"] = new JsonArray([.. windows.Buckets.Select(bucket => (bucket, Tasks: Within(tasks, bucket))).Where(bucket => !question.LeavesOutEmptyBuckets || bucket.Tasks.Count > 0).Select(bucket => Bucket(bucket.bucket, bucket.Tasks))]);
        }

        if (question.GroupBy.Length > 0)
        {
            data["groups"] = Groups(inWindow);
        }

        if (question.Include.Contains("meta"))
        {
            data["meta"] = Meta();
        }

        return data;
    }

    private static List<TaskContent> Within(IEnumerable<TaskContent> tasks, (Timestamp From, Timestamp To) window) =>
        [.. tasks.Where(task => task.CreatedAt >= window.From && task.CreatedAt < window.To)];

    private static string DirectionOf(TaskContent task) => task.Direction switch
    {
        Direction.Inbound => "inbound",
        Direction.Outbound => "outbound",
        Direction.None => "",
    };

    private bool IsAsked(TaskContent task) =>
        (question.Agents.Length == 0 || question.Agents.Contains(task.Agent))
        && (question.Direction is null || question.Direction == DirectionOf(task))
        && (question.Space is null || question.Space == task.SpaceId);

    private JsonObject Blocks(List<TaskContent> tasks)
    {
        var calls = tasks.Where(task => task.ExecutionType == "call").ToList();
        var (scores, durations) = (calls.Select(call => call.SuccessScore).OfType<int>().ToList(), calls.Select(call => call.Duration).OfType<long>().ToList());
        var ofOutcome = Outcomes.ToDictionary(name => name, name => (decimal)calls.Count(call => Naive.OutcomeOf(call) == name));
        var ofState = States.ToDictionary(name => name, name => (decimal)tasks.Count(task => task.Status == name));
        var blocks = new JsonObject
        {
            ["call_analytics"] = Counts("total_calls", calls.Count, ofOutcome, "avg_success_score", Rounded(scores.Sum(score => (long)score) / 100m, scores.Count) ?? 0),
            ["call_status"] = Counts("total_tasks", tasks.Count, ofState, "success_rate", Rounded(ofState["completed"] * 100m, tasks.Count) ?? 0),
        };
        if (question.Include.Contains("reconciliation"))
        {
            blocks["reconciliation"] = new JsonObject { ["other_outcomes"] = calls.Count - ofOutcome.Values.Sum(), ["other_states"] = tasks.Count - ofState.Values.Sum(), ["balanced"] = true };
        }

        if (question.Include.Contains("components"))
        {
            blocks["components"] = new JsonObject
            {
                ["success_score_sum"] = Shortest(scores.Sum(score => (long)score) / 100m),
                ["scored_calls"] = scores.Count,
                ["duration_seconds_sum"] = Shortest(durations.Sum() / 1000m),
                ["timed_calls"] = durations.Count,
                ["avg_duration_seconds"] = Rounded(durations.Sum() / 1000m, durations.Count),
            };
        }

        return blocks;
    }

    private static JsonObject Counts(string totalName, decimal total, IEnumerable<KeyValuePair<string, decimal>> parts, string ratioName, decimal ratio) =>
        new([new(totalName, total), .. parts.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)part.Value)), new(ratioName, ratio)]);

    private JsonObject Comparison(List<TaskContent> earlier, List<TaskContent> current)
    {
        var (then, now) = (Blocks(earlier), Blocks(current));
        JsonObject Changes(string block) => new(then[block]!.AsObject().Select(number =>
            KeyValuePair.Create(number.Key, (JsonNode?)Rounded(((decimal)now[block]![number.Key]! - (decimal)number.Value!) * 100, (decimal)number.Value!))));
        return new()
        {
            ["start"] = windows.Shown(windows.Earlier.From),
            ["end"] = windows.Shown(windows.Earlier.To),
            ["call_analytics"] = then["call_analytics"]!.DeepClone(),
            ["call_status"] = then["call_status"]!.DeepClone(),
            ["change_percent"] = new JsonObject { ["call_analytics"] = Changes("call_analytics"), ["call_status"] = Changes("call_status") },
        };
    }

    private JsonObject Bucket((Timestamp From, Timestamp To) bucket, List<TaskContent> tasks) => Row(
        [
            new("start", windows.Shown(bucket.From)),
            new("end", windows.Shown(bucket.To)),
            new("hours", Shortest((bucket.To.UnixMilliseconds - bucket.From.UnixMilliseconds) / 3_600_000m)),
            new("complete", windows.IsOver(bucket)),
        ],
        tasks);

    private JsonArray Groups(IEnumerable<TaskContent> tasks)
    {
        bool By(string dimension) => question.GroupBy.Contains(dimension);
        var groups = tasks
            .GroupBy(task => (Space: By("space") ? $"S{task.SpaceId}" : null, Agent: By("agent") ? task.Agent : null, Direction: By("direction") ? DirectionOf(task) : null))
            .OrderByDescending(group => group.Count(task => task.ExecutionType == "call"))
            .ThenByDescending(group => group.Count())
            .ThenBy(group => group.Key.Space, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Agent, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Direction, StringComparer.Ordinal)
            .ToList();
        var limit = question.Limit ?? 100;
        var rows = groups.Take(limit).Select(group => Row(
            new[] { ("space_token", group.Key.Space), ("space_name", group.Key.Space), ("agent", group.Key.Agent), ("direction", group.Key.Direction) }
                .Where(dimension => dimension.Item2 is not null)
                .Select(dimension => KeyValuePair.Create(dimension.Item1, (JsonNode?)dimension.Item2)),
            [.. group]));
        var cut = groups.Skip(limit).SelectMany(group => group).ToList();
        return new JsonArray([.. rows, .. cut.Count == 0 ? Array.Empty<JsonObject>() : [Row([new("other", true)], cut)]]);
    }

    private JsonObject Row(IEnumerable<KeyValuePair<string, JsonNode?>> head, List<TaskContent> tasks) =>
        new([.. head, .. Blocks(tasks).Select(block => KeyValuePair.Create(block.Key, block.Value?.DeepClone()))]);

    private JsonObject Meta() => new()
    {
        ["start"] = windows.From is { } from ? windows.Shown(from) : null,
        ["end"] = windows.To is { } to ? windows.Shown(to) : null,
        ["timezone"] = question.Zone,
        ["interval"] = question.Interval,
        ["product"] = question.Product,
        ["data_through"] = $"{DateTimeOffset.FromUnixTimeMilliseconds(changedAt.UnixMilliseconds):yyyy-MM-ddTHH:mm:ss.fff}Z",
        ["metric_version"] = 1,
        ["ignored"] = new JsonArray(),
    };

    private static decimal? Rounded(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : Shortest(Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero));

    private static decimal Shortest(decimal number) => decimal.Parse(number.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
