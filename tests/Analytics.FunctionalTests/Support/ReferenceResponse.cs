using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Domain;
using Analytics.Application.Tests.Reporting.Parsing;
using Analytics.Domain.Tasks;
using NodaTime.TimeZones;

namespace Analytics.FunctionalTests.Support;

/// <summary>The data of a response, computed from all tasks for every number.</summary>
internal sealed class ReferenceResponse(RandomRequest request, ReferenceWindows windows, string handle, Timestamp changedAt)
{
    private static readonly JsonSerializerOptions UnescapedJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Outcomes = ["interested", "call_back", "send_details", "not_interested", "not_connected", "failed"];

    private static readonly string[] Statuses = ["completed", "failed", "pending", "in_progress"];

    // What a comparison compares: the earlier tasks, and those of the window up to now.
    private List<TaskContent> _earlier = [];
    private List<TaskContent> _current = [];

    // JSON without escapes.
    public static string ToJson(JsonNode json) => json.ToJsonString(UnescapedJson);

    // From the tasks of the counted spaces and of the product.
    public JsonObject CreateData(IReadOnlyCollection<TaskContent> includedTasks)
    {
        var tasks = includedTasks.Where(MatchesFilter).ToList();
        var inWindow = tasks.Where(task => !(task.CreatedAt < windows.From) && !(task.CreatedAt >= windows.To)).ToList();
        var data = CreateSections(inWindow);
        if (request.Compare is not null)
        {
            (_earlier, _current) = (FilterByWindow(tasks, windows.Earlier), FilterByWindow(tasks, windows.Current));
            data["comparison"] = CreateComparison(tasks);
        }

        if (request.Interval is not null)
        {
            data["series"] = CreateSeries(windows.Buckets, tasks, request.OmitEmptyBuckets);
        }

        if (request.GroupBy.Length > 0)
        {
            data["groups"] = CreateGroups(inWindow);
        }

        if (request.Include.Contains("meta"))
        {
            data["meta"] = CreateMeta(includedTasks.Select(task => task.CreatedAt).Order().Cast<Timestamp?>().FirstOrDefault());
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

    private JsonObject CreateComparison(List<TaskContent> tasks)
    {
        var comparison = new JsonObject
        {
            ["start"] = windows.FormatLocal(windows.Earlier.From),
            ["end"] = windows.FormatLocal(windows.Earlier.To),
        };
        foreach (var (name, section) in CreateSections(_earlier))
        {
            comparison[name] = section?.DeepClone();
        }

        comparison["change_percent"] = CreateChangePercent(_earlier, _current);
        comparison["change_points"] = CreateChangePoints(_earlier, _current);
        if (request.Interval is not null)
        {
            comparison["series"] = CreateSeries(windows.EarlierBuckets, tasks, omitEmpty: false);
        }

        return comparison;
    }

    private JsonObject CreateChangePercent(List<TaskContent> earlier, List<TaskContent> current)
    {
        var (earlierSections, currentSections) = (CreateSections(earlier), CreateSections(current));
        decimal? GetChangeOfMean(Func<List<TaskContent>, List<long>> getValues)
        {
            var (old, values) = (getValues(earlier), getValues(current));
            var oldSum = (decimal)old.Sum() * Math.Max(values.Count, 1);
            return DivideAndRound((((decimal)values.Sum() * old.Count) - oldSum) * 100, oldSum);
        }

        static IEnumerable<TaskContent> GetCalls(List<TaskContent> tasks) => tasks.Where(task => task.ExecutionType == "call");

        JsonObject GetChanges(string section) => new(earlierSections[section]!.AsObject().Select(number =>
            KeyValuePair.Create(number.Key, (JsonNode?)(number.Key switch
            {
                "avg_success_score" =>
                    GetChangeOfMean(tasks => [.. GetCalls(tasks).Select(call => call.SuccessScore).OfType<int>().Select(Convert.ToInt64)]),
                "success_rate" => GetChangeOfMean(tasks => [.. tasks.Select(task => task.Status == "completed" ? 1L : 0)]),
                _ => DivideAndRound(
                    ((decimal)currentSections[section]![number.Key]! - (decimal)number.Value!) * 100, (decimal)number.Value!),
            }))));
        var change =
            new JsonObject { ["call_analytics"] = GetChanges("call_analytics"), ["call_status"] = GetChanges("call_status") };
        if (request.Include.Contains("components"))
        {
            change["components"] = new JsonObject
            {
                ["avg_duration_seconds"] = GetCalls(current).Any(call => call.Duration is not null)
                    ? GetChangeOfMean(tasks => [.. GetCalls(tasks).Select(call => call.Duration).OfType<long>()])
                    : null,
            };
        }

        return change;
    }

    private static JsonObject CreateChangePoints(List<TaskContent> earlier, List<TaskContent> current)
    {
        static decimal CountCompleted(List<TaskContent> tasks) => tasks.Count(task => task.Status == "completed");
        var points = DivideAndRound(
            100 * ((CountCompleted(current) * earlier.Count) - (CountCompleted(earlier) * current.Count)),
            (decimal)earlier.Count * current.Count);
        return new() { ["call_status"] = new JsonObject { ["success_rate"] = points } };
    }

    private JsonArray CreateSeries(IEnumerable<(Timestamp From, Timestamp To)> buckets, List<TaskContent> tasks, bool omitEmpty) =>
        new([
            .. from bucket in buckets
               let bucketTasks = FilterByWindow(tasks, bucket)
               where !omitEmpty || bucketTasks.Count > 0
               select CreateBucket(bucket, bucketTasks),
        ]);

    private JsonObject CreateBucket((Timestamp From, Timestamp To) bucket, List<TaskContent> tasks) => CreateRow(
        [
            new("start", windows.FormatLocal(bucket.From)),
            new("end", windows.FormatLocal(bucket.To)),
            new("hours", TrimTrailingZeros((bucket.To.UnixMilliseconds - bucket.From.UnixMilliseconds) / 3_600_000m)),
            new("complete", windows.GetState(bucket) == "past"),
            new("state", windows.GetState(bucket)),
        ],
        tasks);

    private JsonArray CreateGroups(IReadOnlyCollection<TaskContent> tasks)
    {
        if (request.GroupBy.Intersect(["day_of_week", "hour_of_day"]).Any())
        {
            return CreateCells(tasks);
        }

        bool IsGroupedBy(string dimension) => request.GroupBy.Contains(dimension);
        (string? Space, string? Agent, string? Direction, string? Run, string? Label) GetKey(TaskContent task) => (
            IsGroupedBy("space") ? $"S{task.SpaceId}" : null,
            IsGroupedBy("agent") ? task.Agent : null,
            IsGroupedBy("direction") ? GetDirection(task) : null,
            IsGroupedBy("run") ? task.RunId : null,
            IsGroupedBy("label") ? NormalizeLabel(task.Label ?? "") : null);
        var groups = tasks
            .GroupBy(GetKey)
            .OrderByDescending(group => group.Count(task => task.ExecutionType == "call"))
            .ThenByDescending(group => group.Count())
            .ThenBy(group => group.Key.Space, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Agent, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Direction, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Run, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Label, StringComparer.Ordinal)
            .ToList();
        var limit = request.Limit ?? 100;
        var rows = groups.Take(limit).Select(group => CreateGroup(
            new[] { ("space_token", group.Key.Space), ("space_name", group.Key.Space), ("agent", group.Key.Agent),
                ("direction", group.Key.Direction), ("run_id", group.Key.Run), ("label", group.Key.Label) }
                .Where(dimension => dimension.Item2 is not null)
                .Select(dimension => KeyValuePair.Create(dimension.Item1, (JsonNode?)dimension.Item2)),
            tasks, task => GetKey(task) == group.Key)).ToList();
        var shown = groups.Take(limit).Select(group => group.Key).ToHashSet();
        return new JsonArray(
            [.. rows, .. groups.Count > limit ? [CreateGroup([new("other", true)], tasks, task => !shown.Contains(GetKey(task)))]
                : Array.Empty<JsonObject>()]);
    }

    // All cells, whether they have tasks or not.
    private JsonArray CreateCells(IReadOnlyCollection<TaskContent> tasks)
    {
        int?[] days = request.GroupBy.Contains("day_of_week") ? [.. Enumerable.Range(1, 7)] : [null];
        int?[] hours = request.GroupBy.Contains("hour_of_day") ? [.. Enumerable.Range(0, 24)] : [null];
        (int?, int?) GetCell(TaskContent task)
        {
            var local = ReferenceClock.ToLocalTime(task.CreatedAt, request.Zone);
            return (days is [null] ? null : 1 + (((int)local.DayOfWeek + 6) % 7), hours is [null] ? null : local.Hour);
        }

        return new JsonArray(
        [
            .. from day in days
               from hour in hours
               select CreateGroup(
                   new[] { ("day_of_week", day), ("hour_of_day", hour) }
                       .Where(dimension => dimension.Item2 is not null)
                       .Select(dimension => KeyValuePair.Create(dimension.Item1, (JsonNode?)dimension.Item2)),
                   tasks, task => GetCell(task) == (day, hour)),
        ]);
    }

    /// <summary>Two labels are one if these are equal.</summary>
    public static string NormalizeLabel(string label) => label.Replace('_', ' ').Trim().ToLowerInvariant();

    // Compared with the tasks of the same group.
    private JsonObject CreateGroup(
        IEnumerable<KeyValuePair<string, JsonNode?>> head, IEnumerable<TaskContent> tasks, Func<TaskContent, bool> isInGroup)
    {
        var row = CreateRow(head, [.. tasks.Where(isInGroup)]);
        if (request.Compare is not null)
        {
            var (earlier, current) = (_earlier.Where(isInGroup).ToList(), _current.Where(isInGroup).ToList());
            row["change_percent"] = earlier.Count == 0 ? null : CreateChangePercent(earlier, current);
            row["change_points"] = CreateChangePoints(earlier, current);
        }

        return row;
    }

    private JsonObject CreateRow(IEnumerable<KeyValuePair<string, JsonNode?>> head, List<TaskContent> tasks) =>
        new([.. head, .. CreateSections(tasks).Select(section => KeyValuePair.Create(section.Key, section.Value?.DeepClone()))]);

    private JsonObject CreateMeta(Timestamp? firstCreatedAt) => new()
    {
        ["start"] = windows.From is { } from ? windows.FormatLocal(from) : null,
        ["end"] = windows.To is { } to ? windows.FormatLocal(to) : null,
        ["now"] = windows.Now,
        ["previous"] = CreateDates(windows.GetAdjacent(-1)),
        ["next"] = CreateDates(windows.GetAdjacent(1)),
        ["timezone"] = request.Zone,
        ["interval"] = request.Interval,
        ["organisation"] = new JsonObject { ["handle"] = handle, ["name"] = handle },
        ["product"] = request.Product,
        ["data_through"] = $"{DateTimeOffset.FromUnixTimeMilliseconds(changedAt.UnixMilliseconds):yyyy-MM-ddTHH:mm:ss.fff}Z",
        ["first_task_at"] = firstCreatedAt is { } first
            ? $"{DateTimeOffset.FromUnixTimeMilliseconds(first.UnixMilliseconds):yyyy-MM-dd}T00:00:00.000Z"
            : null,
        ["metric_version"] = 1,
        ["tzdb_version"] = TzdbDateTimeZoneSource.Default.TzdbVersion,
        ["ignored"] = new JsonArray(),
    };

    private static JsonObject? CreateDates((string Start, string End)? dates) =>
        dates is var (start, end) ? new() { ["start_date"] = start, ["end_date"] = end } : null;

    private static decimal? DivideAndRound(decimal numerator, decimal denominator) =>
        denominator == 0 ? null : TrimTrailingZeros(Math.Round(numerator / denominator, 2, MidpointRounding.AwayFromZero));

    private static decimal TrimTrailingZeros(decimal number) =>
        decimal.Parse(number.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);
}
