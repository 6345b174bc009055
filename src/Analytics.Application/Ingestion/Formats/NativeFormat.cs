using System.Text.Json;
using Analytics.Application.Organisations;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>Our own format: one flat JSON object a line, strict about keys and types; <c>null</c> is absent.</summary>
/// <param name="organisationId">The organisation of all tasks.</param>
/// <param name="spaces">Its spaces.</param>
/// <param name="productId">The product of tasks that name none.</param>
public sealed class NativeFormat(long organisationId, IEnumerable<Space> spaces, string productId) : ITaskFormat
{
    /// <summary>Far more than the longest task, each of its characters escaped: what is longer is not worth being parsed.</summary>
    private const int MaxLine = 64 * 1024;

    private static readonly Dictionary<string, JsonValueKind> Keys = new(StringComparer.Ordinal)
    {
        ["task_id"] = JsonValueKind.String,
        ["space_token"] = JsonValueKind.String,
        ["status"] = JsonValueKind.String,
        ["execution_type"] = JsonValueKind.String,
        ["product_id"] = JsonValueKind.String,
        ["run_id"] = JsonValueKind.String,
        ["agent"] = JsonValueKind.String,
        ["direction"] = JsonValueKind.String,
        ["outcome"] = JsonValueKind.String,
        ["success_score"] = JsonValueKind.Number,
        ["duration_seconds"] = JsonValueKind.Number,
        ["created_at"] = JsonValueKind.String,
        ["updated_at"] = JsonValueKind.String,
        ["deleted"] = JsonValueKind.True,
    };

    private static readonly string UnknownKey = $"The line has a key that is not one of {string.Join(", ", Keys.Keys)}.";

    private readonly Dictionary<string, Space> _spaces = spaces.ToDictionary(space => space.Token, StringComparer.Ordinal);

    /// <inheritdoc />
    public TaskLine Read(ReadOnlyMemory<byte> line, Instant receivedAt)
    {
        if (line.Length > MaxLine)
        {
            return new TaskLine.Rejected(null, $"The line is longer than {MaxLine / 1024} KiB.");
        }

        using var document = JsonText.Parse(line, out var reason);
        if (document is null)
        {
            return new TaskLine.Rejected(null, reason);
        }

        var rules = new FieldRules();
        var fields = Fields(document.RootElement, rules);
        var idRules = new FieldRules();
        var taskId = idRules.RequiredId("task_id", Text(fields, "task_id"));
        if (idRules.Reason is { } brokenId)
        {
            return new TaskLine.Rejected(null, rules.Reason ?? brokenId);
        }

        var updatedAt = Time(fields, "updated_at", rules, receivedAt);
        var createdAt = Time(fields, "created_at", rules, receivedAt);
        var isDeletion = fields.TryGetValue("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.True;
        var content = isDeletion ? null : Content(fields, createdAt ?? receivedAt, rules).Judged();

        return rules.Reason is { } broken
            ? new TaskLine.Rejected(taskId, broken)
            : new TaskLine.Accepted(organisationId, new TaskWrite
            {
                TaskId = taskId,
                UpdatedAt = updatedAt ?? receivedAt,
                UpdatedAtIsGiven = updatedAt is not null,
                Content = content,
                CreatedAtIsGiven = createdAt is not null,
            });
    }

    private TaskContent Content(Dictionary<string, JsonElement> fields, Instant createdAt, FieldRules rules)
    {
        var executionType = rules.Word("execution_type", Text(fields, "execution_type")) ?? ExecutionType.Call;
        return new TaskContent
        {
            SpaceId = FindSpace(fields, rules),
            ProductId = rules.ProductId("product_id", Text(fields, "product_id") ?? productId),
            RunId = rules.Id("run_id", Text(fields, "run_id")),
            Agent = rules.Agent("agent", Text(fields, "agent")),
            Direction = DirectionOf(Text(fields, "direction"), rules),
            ExecutionType = executionType,
            Status = rules.RequiredWord("status", Text(fields, "status")),
            Label = rules.Word("outcome", Text(fields, "outcome")),
            Outcome = null,
            SuccessScore = Score(fields, ExecutionType.IsCall(executionType), rules),
            Duration = Duration(fields, rules),
            CreatedAt = createdAt,
        };
    }

    private long FindSpace(Dictionary<string, JsonElement> fields, FieldRules rules)
    {
        var token = rules.RequiredId("space_token", Text(fields, "space_token"));
        if (_spaces.TryGetValue(token, out var space))
        {
            return space.Id;
        }

        rules.Reject("space_token names no space of the organisation: import the space first.");
        return 0;
    }

    private static Direction DirectionOf(string? direction, FieldRules rules)
    {
        switch (direction)
        {
            case null: return Direction.None;
            case "inbound": return Direction.Inbound;
            case "outbound": return Direction.Outbound;
            default:
                rules.Reject("direction must be inbound or outbound.");
                return Direction.None;
        }
    }

    private static int? Score(Dictionary<string, JsonElement> fields, bool isCall, FieldRules rules)
    {
        if (!fields.TryGetValue("success_score", out var field))
        {
            return null;
        }

        if (!isCall)
        {
            rules.Reject("success_score is only for calls.");
        }
        else if (!field.TryGetDecimal(out var score) || score is < 0 or > SuccessScore.Max)
        {
            rules.Reject($"success_score must be 0 to {SuccessScore.Max}.");
        }
        else if (score * 100 % 1 != 0 || JsonText.IsCut(field))
        {
            rules.Reject("success_score must have at most two decimals.");
        }
        else
        {
            return SuccessScore.ToHundredths(score);
        }

        return null;
    }

    private static long? Duration(Dictionary<string, JsonElement> fields, FieldRules rules)
    {
        if (!fields.TryGetValue("duration_seconds", out var field))
        {
            return null;
        }

        if (field.TryGetDecimal(out var seconds) && CallDuration.IsValid(seconds))
        {
            return CallDuration.ToMilliseconds(seconds);
        }

        rules.Reject($"duration_seconds must be 0 to {CallDuration.MaxSeconds}.");
        return null;
    }

    private static Instant? Time(Dictionary<string, JsonElement> fields, string key, FieldRules rules, Instant receivedAt)
    {
        var time = Text(fields, key) is { } text ? JsonText.Time(text) : null;
        if (time is null && fields.ContainsKey(key))
        {
            rules.Reject($"{key} must be an ISO 8601 time.");
        }

        return rules.Time(key, time, receivedAt);
    }

    private static string? Text(Dictionary<string, JsonElement> fields, string key) =>
        fields.TryGetValue(key, out var field) && field.ValueKind == JsonValueKind.String ? field.Unescaped() : null;

    private static Dictionary<string, JsonElement> Fields(JsonElement task, FieldRules rules)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in task.EnumerateObject())
        {
            var name = field.UnescapedName();
            if (!Keys.TryGetValue(name, out var kind))
            {
                rules.Reject(UnknownKey);
            }
            else if (!seen.Add(name))
            {
                rules.Reject($"{name} is given twice.");
            }
            else if (field.Value.ValueKind == kind || (kind == JsonValueKind.True && field.Value.ValueKind == JsonValueKind.False))
            {
                fields[name] = field.Value;
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                rules.Reject($"{name} must be a {(kind == JsonValueKind.True ? "boolean" : kind.ToString().ToLowerInvariant())}.");
            }
        }

        return fields;
    }
}
