using System.Runtime.InteropServices;
using System.Text.Json;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>One object of an exported document. A field that is null counts as absent.</summary>
internal sealed class ExportedObject
{
    private static readonly string[] ExtendedNumberKinds = ["$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"];

    // Only these are named in an error: other keys may hold personal data.
    private static readonly HashSet<string> NamedKeys = new(StringComparer.Ordinal)
    {
        "_id", "task_id", "run_id", "space_id", "user_org_id", "assignee", "execution_type", "status", "created", "modified",
        "last_status_change", "input", "output", "call_type", "type", "duration", "start_time", "end_time", "transcript",
        "post_call_data", "summary", "success_evaluator",
    };

    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    /// <summary>Rejects the line if a key is given twice. A key with an unpaired surrogate has no name and is skipped.</summary>
    public ExportedObject(JsonElement value, string path, FieldValidator validator)
    {
        Path = path;
        foreach (var property in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            var name = property.GetName();
            if (!StringRules.IsValidUtf16(name))
            {
                continue;
            }

            ref var field = ref CollectionsMarshal.GetValueRefOrAddDefault(_fields, name, out var isRepeated);
            field = property.Value;
            if (isRepeated)
            {
                validator.Reject(NamedKeys.Contains(name) ? $"{PathOf(name)} is given twice."
                    : path.Length == 0 ? "A key of the line is given twice."
                    : $"A key of {path} is given twice.");
            }
        }
    }

    public string Path { get; }

    /// <summary>Undefined if the field is absent or null.</summary>
    public JsonElement this[string name] =>
        _fields.TryGetValue(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : default;

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public static string? ReadText(JsonElement field) => field.ValueKind == JsonValueKind.String ? field.GetStringOrInvalid() : null;

    public static decimal? ReadNumber(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.Number => JsonText.ParseDecimal(field.GetRawText()),
        JsonValueKind.String => JsonText.ParseDecimal(field.GetStringOrInvalid()),
        JsonValueKind.Object => ExtendedNumberKinds
            .Select(kind => ReadText(GetField(field, kind)))
            .OfType<string>()
            .Select(JsonText.ParseDecimal)
            .FirstOrDefault(),
        _ => null,
    };

    /// <summary>ISO 8601, also in <c>$date</c>, where milliseconds are read too.</summary>
    public static Timestamp? ReadTime(JsonElement field)
    {
        var date = field.ValueKind == JsonValueKind.Object ? GetField(field, "$date") : field;
        if (ReadText(date) is { } text)
        {
            return JsonText.ParseTime(text);
        }

        var milliseconds = field.ValueKind != JsonValueKind.Object ? null
            : date.ValueKind == JsonValueKind.Number ? date.GetRawText()
            : ReadText(GetField(date, "$numberLong"));
        return milliseconds is not null && JsonText.ParseInt64(milliseconds) is { } value ? new Timestamp(value) : null;
    }

    /// <summary>The first four bytes of an ObjectId are its creation time in seconds.</summary>
    public static Timestamp? ReadObjectIdTime(JsonElement id) =>
        ReadText(GetField(id, "$oid")) is { Length: 24 } hex
        && hex.All(char.IsAsciiHexDigit)
        && uint.TryParse(hex.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
            ? new Timestamp(seconds * 1000L)
            : null;

    // Not TryGetProperty, which throws if another key contains an unpaired surrogate.
    private static JsonElement GetField(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
            ? parent.EnumerateObject().LastOrDefault(property => property.GetName() == name).Value
            : default;
}
