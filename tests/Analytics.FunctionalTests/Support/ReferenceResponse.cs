using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Domain;
using Analytics.Application.Tests.Reporting.Parsing;
using Analytics.Domain.Tasks;

namespace Analytics.FunctionalTests.Support;

/// <summary>The data of a response, computed from all tasks for every number.</summary>
internal sealed class ReferenceResponse(RandomRequest request, ReferenceWindows windows, Timestamp changedAt)
{
    private static readonly JsonSerializerOptions UnescapedJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Outcomes = ["interested", "call_back", "send_details", "not_interested", "not_connected", "failed"];

    private static readonly string[] Statuses = ["completed", "failed", "pending", "in_progress"];

    // JSON without escapes.
    public static string ToJson(JsonNode json) => json.ToJsonString(UnescapedJson);

    // From the tasks of the counted spaces and of the product.
    public JsonObject CreateData(IEnumerable<TaskContent> includedTasks)
    {
        var tasks = includedTasks.Where(MatchesFilter).ToList();
        var inWindow = tasks.Where(task => !(task.CreatedAt < windows.From) && !(task.CreatedAt >= windows.To)).ToList();
        var data = CreateSections(inWindow);
        if (request.Compare is not null)
        {
            data["comparison"] = CreateComparison(FilterByWindow(tasks, windows.Earlier), FilterByWindow(tasks, windows.Current));
        }

        if (request.Interval is not null)
        {
            data["series"] =
                new JsonArray([.. windows.Buckets.Select(bucket => (bucket, Tasks: FilterByWindow(tasks, bucket))).Where(bucket =>
                    !request.OmitEmptyBuckets || bucket.Tasks.Count > 0).Select(bucket => CreateBucket(bucket.bucket, bucket.Tasks))]);
        }

        if (request.GroupBy.Length > 0)
        {
            data["groups"] = CreateGroups(inWindow);
        }

        if (request.Include.Contains("meta"))
        {
            data["meta"] = CreateMeta();
        }

        return data;
    }

    private static List<TaskContent> FilterByWindow(IEnumerable<TaskContent> tasks, (Timestamp From, Timestamp To) window) =>
        [.. tasks.Where(task => task.CreatedAt >= window.From && task.CreatedAt < window.To)];

    private static string GetDirection(TaskContent task) => task.Direction switch
    {
        Direction.Inbound => "inbound",
        Direction.Outbound => "outbound",
        Direction.None => "",
    };

    private bool MatchesFilter(TaskContent task) =>
        (request.Agents.Length == 0 || request.Agents.Contains(task.Agent))
        && (request.Direction is null || request.Direction == GetDirection(task))
        && (request.RunId is null || request.RunId == task.RunId)
        && (request.Space is null || request.Space == task.SpaceId);

    private JsonObject CreateSections(List<TaskContent> tasks)
    {
        var calls = tasks.Where(task => task.ExecutionType == "call").ToList();
        var (scores, durations) =
            (calls.Select(call => call.SuccessScore).OfType<int>().ToList(), calls.Select(call => call.Duration).OfType<long>().ToList());
        var outcomeCounts =
            Outcomes.ToDictionary(name => name, name => (decimal)calls.Count(call => ReferenceRules.ClassifyOutcome(call) == name));
        var statusCounts = Statuses.ToDictionary(name => name, name => (decimal)tasks.Count(task => task.Status == name));
        var sections = new JsonObject
        {
            ["call_analytics"] = CreateCounts("total_calls", calls.Count, outcomeCounts, "avg_success_score",
                DivideAndRound(scores.Sum(score => (long)score) / 100m, scores.Count) ?? 0),
            ["call_status"] = CreateCounts("total_tasks", tasks.Count, statusCounts, "success_rate",
                DivideAndRound(statusCounts["completed"] * 100m, tasks.Count) ?? 0),
        };
        if (request.Include.Contains("reconciliation"))
        {
            sections["reconciliation"] = new JsonObject { ["other_outcomes"] = calls.Count - outcomeCounts.Values.Sum(),
                ["other_states"] = tasks.Count - statusCounts.Values.Sum(), ["balanced"] = true };
        }

        if (request.Include.Contains("components"))
        {
            sections["components"] = new JsonObject
            {
                ["success_score_sum"] = TrimTrailingZeros(scores.Sum(score => (long)score) / 100m),
                ["scored_calls"] = scores.Count,
                ["duration_seconds_sum"] = TrimTrailingZeros(durations.Sum() / 1000m),
                ["timed_calls"] = durations.Count,
                ["avg_duration_seconds"] = DivideAndRound(durations.Sum() / 1000m, durations.Count),
            };
        }

        return sections;
    }

    private static JsonObject CreateCounts(
        string totalName, decimal total, IEnumerable<KeyValuePair<string, decimal>> parts, string ratioName, decimal ratio) =>
        new([new(totalName, total), .. parts.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)part.Value)), new(ratioName, ratio)]);

    private JsonObject CreateComparison(List<TaskContent> earlier, List<TaskContent> current)
    {
        var (earlierSections, currentSections) = (CreateSections(earlier), CreateSections(current));
        decimal? GetChangeOfMean(Func<List<TaskContent>, List<int>> getValues)
        {
            var (old, values) = (getValues(earlier), getValues(current));
            var oldSum = (decimal)old.Sum() * Math.Max(values.Count, 1);
            return DivideAndRound((((decimal)values.Sum() * old.Count) - oldSum) * 100, oldSum);
        }

        JsonObject GetChanges(string section) => new(earlierSections[section]!.AsObject().Select(number =>
            KeyValuePair.Create(number.Key, (JsonNode?)(number.Key switch
            {
                "avg_success_score" => GetChangeOfMean(
                    tasks => [.. tasks.Where(task => task.ExecutionType == "call").Select(call => call.SuccessScore).OfType<int>()]),
                "success_rate" => GetChangeOfMean(tasks => [.. tasks.Select(task => task.Status == "completed" ? 1 : 0)]),
                _ => DivideAndRound(
                    ((decimal)currentSections[section]![number.Key]! - (decimal)number.Value!) * 100, (decimal)number.Value!),
            }))));
        return new()
        {
            ["start"] = windows.FormatLocal(windows.Earlier.From),
            ["end"] = windows.FormatLocal(windows.Earlier.To),
            ["call_analytics"] = earlierSections["call_analytics"]!.DeepClone(),
            ["call_status"] = earlierSections["call_status"]!.DeepClone(),
            ["change_percent"] =
                new JsonObject { ["call_analytics"] = GetChanges("call_analytics"), ["call_status"] = GetChanges("call_status") },
        };
    }

    private JsonObject CreateBucket((Timestamp From, Timestamp To) bucket, List<TaskContent> tasks) => CreateRow(
        [
            new("start", windows.FormatLocal(bucket.From)),
            new("end", windows.FormatLocal(bucket.To)),
            new("hours", TrimTrailingZeros((bucket.To.UnixMilliseconds - bucket.From.UnixMilliseconds) / 3_600_000m)),
            new("complete", windows.IsComplete(bucket)),
        ],
        tasks);

    private JsonArray CreateGroups(IReadOnlyCollection<TaskContent> tasks)
    {
        if (request.GroupBy.Intersect(["day_of_week", "hour_of_day"]).Any())
        {
            return CreateCells(tasks);
        }

        bool IsGroupedBy(string dimension) => request.GroupBy.Contains(dimension);
        var groups = tasks
            .GroupBy(task => (
                Space: IsGroupedBy("space") ? $"S{task.SpaceId}" : null,
                Agent: IsGroupedBy("agent") ? task.Agent : null,
                Direction: IsGroupedBy("direction") ? GetDirection(task) : null,
                Run: IsGroupedBy("run") ? task.RunId : null,
                Label: IsGroupedBy("label") ? NormalizeLabel(task.Label ?? "") : null))
            .OrderByDescending(group => group.Count(task => task.ExecutionType == "call"))
            .ThenByDescending(group => group.Count())
            .ThenBy(group => group.Key.Space, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Agent, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Direction, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Run, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Label, StringComparer.Ordinal)
            .ToList();
        var limit = request.Limit ?? 100;
        var rows = groups.Take(limit).Select(group => CreateRow(
            new[] { ("space_token", group.Key.Space), ("space_name", group.Key.Space), ("agent", group.Key.Agent),
                ("direction", group.Key.Direction), ("run_id", group.Key.Run), ("label", group.Key.Label) }
                .Where(dimension => dimension.Item2 is not null)
                .Select(dimension => KeyValuePair.Create(dimension.Item1, (JsonNode?)dimension.Item2)),
            [.. group]));
        var remaining = groups.Skip(limit).SelectMany(group => group).ToList();
        return new JsonArray([.. rows, .. remaining.Count == 0 ? Array.Empty<JsonObject>() : [CreateRow([new("other", true)], remaining)]]);
    }

    // All cells, whether they have tasks or not.
    private JsonArray CreateCells(IReadOnlyCollection<TaskContent> tasks)
    {
        int?[] days = request.GroupBy.Contains("day_of_week") ? [.. Enumerable.Range(1, 7)] : [null];
        int?[] hours = request.GroupBy.Contains("hour_of_day") ? [.. Enumerable.Range(0, 24)] : [null];
        var cells = tasks.ToLookup(task =>
        {
            var local = ReferenceClock.ToLocalTime(task.CreatedAt, request.Zone);
            return (days is [null] ? (int?)null : 1 + (((int)local.DayOfWeek + 6) % 7), hours is [null] ? (int?)null : local.Hour);
        });
        return new JsonArray(
        [
            .. from day in days
               from hour in hours
               select CreateRow(
                   new[] { ("day_of_week", day), ("hour_of_day", hour) }
                       .Where(dimension => dimension.Item2 is not null)
                       .Select(dimension => KeyValuePair.Create(dimension.Item1, (JsonNode?)dimension.Item2)),
                   [.. cells[(day, hour)]]),
        ]);
    }

    /// <summary>Two labels are one if these are equal.</summary>
    public static string NormalizeLabel(string label) => label.Replace('_', ' ').Trim().ToLowerInvariant();

    private JsonObject CreateRow(IEnumerable<KeyValuePair<string, JsonNode?>> head, List<TaskContent> tasks) =>
        new([.. head, .. CreateSections(tasks).Select(section => KeyValuePair.Create(section.Key, section.Value?.DeepClone()))]);

    private JsonObject CreateMeta() => new()
    {
        ["start"] = windows.From is { } from ? windows.FormatLocal(from) : null,
        ["end"] = windows.To is { } to ? windows.FormatLocal(to) : null,
        ["timezone"] = request.Zone,
        ["interval"] = request.Interval,
        ["product"] = request.Product,
        ["data_through"] = $"{DateTimeOffset.FromUnixTimeMilliseconds(changedAt.UnixMilliseconds):yyyy-MM-ddTHH:mm:ss.fff}Z",
        ["metric_version"] = 1,
        ["ignored"] = new JsonArray(),
    };

    private static decimal? DivideAndRound(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : TrimTrailingZeros(Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero));

    private static decimal TrimTrailingZeros(decimal number) =>
        decimal.Parse(number.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);
}
