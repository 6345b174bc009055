using System.Text.Json;
using Analytics.Application.Organisations;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>The service's own format: one flat JSON object per line. Unknown keys and types are rejected; null means absent.</summary>
public sealed class NativeFormat(long organisationId, IEnumerable<Space> spaces, string productId) : ITaskFormat
{
    // Longer than any valid task with every character escaped, so that longer lines need not be parsed.
    private const int MaxLineBytes = 64 * 1024;

    private static readonly Dictionary<string, JsonValueKind> KeyKinds = new(StringComparer.Ordinal)
    {
        ["task_id"] = JsonValueKind.String,
        ["space_token"] = JsonValueKind.String,
        ["space_name"] = JsonValueKind.String,
        ["status"] = JsonValueKind.String,
        ["execution_type"] = JsonValueKind.String,
        ["product_id"] = JsonValueKind.String,
        ["run_id"] = JsonValueKind.String,
        ["agent"] = JsonValueKind.String,
        ["direction"] = JsonValueKind.String,
        ["outcome"] = JsonValueKind.String,
        ["label"] = JsonValueKind.String,
        ["success_score"] = JsonValueKind.Number,
        ["duration_seconds"] = JsonValueKind.Number,
        ["created_at"] = JsonValueKind.String,
        ["updated_at"] = JsonValueKind.String,
        ["deleted"] = JsonValueKind.True,
    };

    private static readonly string KnownKeys = $"the keys are {string.Join(", ", KeyKinds.Keys)}.";

    private readonly Dictionary<string, Space> _spaces = spaces.ToDictionary(space => space.Token, StringComparer.Ordinal);

    public TaskLine Read(ReadOnlyMemory<byte> line, Timestamp receivedAt)
    {
        if (line.Length > MaxLineBytes)
        {
            return new TaskLine.Rejected(null, $"The line is longer than {MaxLineBytes / 1024} KiB.");
        }

        using var document = JsonText.Parse(line, out var reason);
        if (document is null)
        {
            return new TaskLine.Rejected(null, reason);
        }

        var validator = new FieldValidator();
        var fields = ReadFields(document.RootElement, validator);
        var idValidator = new FieldValidator();
        var taskId = idValidator.RequiredId("task_id", ReadText(fields, "task_id"));
        if (idValidator.Error is { } idError)
        {
            return new TaskLine.Rejected(null, validator.Error ?? idError);
        }

        var updatedAt = ReadTime(fields, "updated_at", validator, receivedAt);
        var createdAt = ReadTime(fields, "created_at", validator, receivedAt);
        var isDeletion = fields.TryGetValue("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.True;
        var content = isDeletion ? null : ReadContent(fields, createdAt ?? receivedAt, validator).WithClassifiedOutcome();

        return validator.Error is { } error
            ? new TaskLine.Rejected(taskId, error)
            : new TaskLine.Accepted(organisationId, new TaskWrite
            {
                TaskId = taskId,
                UpdatedAt = updatedAt ?? receivedAt,
                HasUpdatedAt = updatedAt is not null,
                Content = content,
                HasCreatedAt = createdAt is not null,
            });
    }

    private TaskContent ReadContent(Dictionary<string, JsonElement> fields, Timestamp createdAt, FieldValidator validator)
    {
        var executionType = validator.OptionalString("execution_type", ReadText(fields, "execution_type")) ?? ExecutionType.Call;
        return new TaskContent
        {
            SpaceId = FindSpace(fields, validator),
            ProductId = validator.ProductId("product_id", ReadText(fields, "product_id") ?? productId),
            RunId = validator.OptionalId("run_id", ReadText(fields, "run_id")),
            Agent = validator.Agent("agent", ReadText(fields, "agent")),
            Direction = ReadDirection(ReadText(fields, "direction"), validator),
            ExecutionType = executionType,
            Status = validator.RequiredString("status", ReadText(fields, "status")),
            Label = ReadLabel(fields, validator),
            Outcome = null,
            SuccessScore = ReadScore(fields, ExecutionType.IsCall(executionType), validator),
            Duration = ReadDuration(fields, validator),
            CreatedAt = createdAt,
        };
    }

    // A task of an export has the classified outcome beside its label, which decides: also where it is null.
    private static string? ReadLabel(Dictionary<string, JsonElement> fields, FieldValidator validator)
    {
        var key = fields.ContainsKey("label") ? "label" : "outcome";
        return validator.OptionalString(key, ReadText(fields, key));
    }

    private long FindSpace(Dictionary<string, JsonElement> fields, FieldValidator validator)
    {
        var token = validator.RequiredId("space_token", ReadText(fields, "space_token"));
        if (_spaces.TryGetValue(token, out var space))
        {
            return space.Id;
        }

        validator.Reject("space_token names no space of the organisation: import the space first.");
        return 0;
    }

    private static Direction ReadDirection(string? direction, FieldValidator validator)
    {
        switch (direction)
        {
            case null or "": return Direction.None;
            case "inbound": return Direction.Inbound;
            case "outbound": return Direction.Outbound;
            default:
                validator.Reject("direction must be inbound or outbound.");
                return Direction.None;
        }
    }

    private static int? ReadScore(Dictionary<string, JsonElement> fields, bool isCall, FieldValidator validator)
    {
        if (!fields.TryGetValue("success_score", out var field))
        {
            return null;
        }

        var text = field.GetRawText();
        var score = JsonText.ParseDecimal(text);
        var error = !isCall ? "success_score is only for calls."
            : score is not (>= 0 and <= SuccessScore.Max) ? $"success_score must be 0 to {SuccessScore.Max}."
            : JsonText.HasMoreDecimals(text, maxDecimals: 2) ? "success_score must have at most two decimals."
            : null;
        if (error is null)
        {
            return SuccessScore.ToHundredths(score!.Value);
        }

        validator.Reject(error);
        return null;
    }

    private static long? ReadDuration(Dictionary<string, JsonElement> fields, FieldValidator validator)
    {
        if (!fields.TryGetValue("duration_seconds", out var field))
        {
            return null;
        }

        if (JsonText.ParseDecimal(field.GetRawText()) is { } seconds && CallDuration.IsValid(seconds))
        {
            return CallDuration.ToMilliseconds(seconds);
        }

        validator.Reject($"duration_seconds must be 0 to {CallDuration.MaxSeconds}.");
        return null;
    }

    private static Timestamp? ReadTime(Dictionary<string, JsonElement> fields, string key, FieldValidator validator, Timestamp receivedAt)
    {
        var time = ReadText(fields, key) is { } text ? JsonText.ParseTime(text) : null;
        if (time is null && fields.ContainsKey(key))
        {
            validator.Reject($"{key} must be an ISO 8601 time.");
        }

        return validator.Time(key, time, receivedAt);
    }

    private static string? ReadText(Dictionary<string, JsonElement> fields, string key) =>
        fields.TryGetValue(key, out var field) && field.ValueKind == JsonValueKind.String ? field.GetStringOrInvalid() : null;

    // A key that does not look like one may be personal data or a secret in the wrong place.
    private static string DescribeUnknownKey(string name)
    {
        const int MaxNamedLength = 64;
        return name is [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_', ..] && name.Length <= MaxNamedLength
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_')
            ? $"{name} is not a known key: {KnownKeys}"
            : $"The line has a key that is not known: {KnownKeys}";
    }

    // Without keys that are null, except the label.
    private static Dictionary<string, JsonElement> ReadFields(JsonElement task, FieldValidator validator)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in task.EnumerateObject())
        {
            var name = field.GetName();
            if (!KeyKinds.TryGetValue(name, out var kind))
            {
                // Only the first error counts. A line can have thousands of unknown keys.
                validator.Reject(validator.Error ?? DescribeUnknownKey(name));
            }
            else if (!seen.Add(name))
            {
                validator.Reject($"{name} is given twice.");
            }
            else if (IsOfKind(field.Value, kind) || (name == "label" && field.Value.ValueKind == JsonValueKind.Null))
            {
                fields[name] = field.Value;
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                validator.Reject($"{name} must be a {(kind == JsonValueKind.True ? "boolean" : kind.ToString().ToLowerInvariant())}.");
            }
        }

        return fields;
    }

    private static bool IsOfKind(JsonElement value, JsonValueKind kind) =>
        value.ValueKind == kind || (kind == JsonValueKind.True && value.ValueKind == JsonValueKind.False);
}
