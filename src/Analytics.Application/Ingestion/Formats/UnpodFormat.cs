using System.Text.Json;
using Analytics.Application.Organisations;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>
/// A line of <c>mongoexport</c> (relaxed or canonical Extended JSON) of the platform's <c>tasks</c> collection. A field that is null
/// or of another type counts as missing. Names, phone numbers and transcripts are not read.
/// </summary>
public sealed class UnpodFormat(IEnumerable<Space> spaces, string productId, long? onlyOrganisationId = null) : ITaskFormat
{
    private static readonly string[] ExtendedNumberKinds = ["$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"];

    private readonly Dictionary<string, Space> _spaces =
        spaces.ToDictionary(space => space.Id.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);

    public TaskLine Read(ReadOnlyMemory<byte> line, Timestamp receivedAt)
    {
        using var document = JsonText.Parse(line, out var reason);
        return document is null ? new TaskLine.Rejected(null, reason) : Read(document.RootElement, receivedAt);
    }

    private TaskLine Read(JsonElement task, Timestamp receivedAt)
    {
        var validator = new FieldValidator();
        var taskId = validator.CaptureId(validator.RequiredId("task_id", ReadText(GetField(task, "task_id"))));

        var space = FindSpace(task, validator);
        var executionType = validator.OptionalString("execution_type", ReadText(GetField(task, "execution_type"))) ?? ExecutionType.Call;
        var isCall = ExecutionType.IsCall(executionType);
        var output = GetField(task, "output");
        var postCall = GetField(output, "post_call_data");

        var created = ReadTime(GetField(task, "created")) ?? ReadObjectIdTime(GetField(task, "_id"));
        var createdAt = validator.Time("created", created, receivedAt);
        var updatedAt = validator.Time("modified", ReadTime(GetField(task, "modified")), receivedAt) ?? createdAt;

        var content = new TaskContent
        {
            SpaceId = space?.Id ?? 0,
            ProductId = productId,
            RunId = validator.OptionalId("run_id", ReadText(GetField(task, "run_id"))),
            Agent = validator.Agent("assignee", ReadText(GetField(task, "assignee"))),
            Direction = ReadDirection(ReadText(GetField(output, "call_type"))),
            ExecutionType = executionType,
            Status = validator.RequiredString("status", ReadText(GetField(task, "status"))),
            Label = validator.OptionalString(
                "output.post_call_data.summary.status", ReadText(GetField(GetField(postCall, "summary"), "status"))),
            Outcome = null,
            SuccessScore = isCall && HasTranscript(output) ? ReadScore(ReadNumber(GetField(postCall, "success_evaluator"))) : null,
            Duration = isCall && ReadNumber(GetField(output, "duration")) is { } seconds && CallDuration.IsValid(seconds)
                ? CallDuration.ToMilliseconds(seconds)
                : null,
            CreatedAt = createdAt ?? receivedAt,
        };

        return validator.Error is { } error
            ? new TaskLine.Rejected(validator.RecordId, error)
            : new TaskLine.Accepted(space!.OrganisationId, new TaskWrite
            {
                TaskId = taskId,
                UpdatedAt = updatedAt ?? receivedAt,
                HasUpdatedAt = updatedAt is not null,
                Content = content.WithClassifiedOutcome(),
                HasCreatedAt = createdAt is not null,
            });
    }

    private Space? FindSpace(JsonElement task, FieldValidator validator)
    {
        var spaceId = validator.RequiredId("space_id", ReadText(GetField(task, "space_id")));
        if (!_spaces.TryGetValue(spaceId, out var space))
        {
            validator.Reject("space_id names no known space: import its space first.");
            return null;
        }

        if (onlyOrganisationId is { } requiredOrganisationId && requiredOrganisationId != space.OrganisationId)
        {
            validator.Reject("space_id names a space of another organisation than the one that is imported.");
        }

        var organisation = GetField(task, "user_org_id");
        var isOtherOrganisation = ReadNumber(organisation) is { } organisationId
            ? organisationId != space.OrganisationId
            : !string.IsNullOrWhiteSpace(ReadText(organisation));
        if (isOtherOrganisation)
        {
            validator.Reject("user_org_id is not the organisation of the space that space_id names.");
        }

        return space;
    }

    private static Direction ReadDirection(string? callType) => callType switch
    {
        "inbound" or "inboundPhoneCall" => Direction.Inbound,
        "outbound" or "outboundPhoneCall" => Direction.Outbound,
        _ => Direction.None,
    };

    private static bool HasTranscript(JsonElement output)
    {
        var transcript = GetField(output, "transcript");
        return transcript.ValueKind switch
        {
            JsonValueKind.Array => transcript.GetArrayLength() > 0,
            JsonValueKind.String => !transcript.ValueEquals(""),
            _ => false,
        };
    }

    // The evaluator's scale is 1 to 10. Any other value is no score.
    private static int? ReadScore(decimal? score) =>
        score is >= 1 and <= 10 ? SuccessScore.ToHundredths(score.Value) : null;

    private static JsonElement GetField(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        try
        {
            return parent.TryGetProperty(name, out var field) ? field : default;
        }
        catch (InvalidOperationException)
        {
            // TryGetProperty throws if another key contains an unpaired surrogate. Such a key is ignored.
            return parent.EnumerateObject().LastOrDefault(property => property.GetName() == name).Value;
        }
    }

    private static string? ReadText(JsonElement field) => field.ValueKind == JsonValueKind.String ? field.GetStringOrInvalid() : null;

    private static decimal? ReadNumber(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.Number => JsonText.ParseDecimal(field.GetRawText()),
        JsonValueKind.String => JsonText.ParseDecimal(field.GetStringOrInvalid()),
        JsonValueKind.Object => ReadExtendedNumber(field),
        _ => null,
    };

    private static decimal? ReadExtendedNumber(JsonElement field) =>
        ExtendedNumberKinds
            .Select(kind => ReadText(GetField(field, kind)))
            .OfType<string>()
            .Select(JsonText.ParseDecimal)
            .FirstOrDefault();

    private static Timestamp? ReadTime(JsonElement field)
    {
        var date = field.ValueKind == JsonValueKind.Object ? GetField(field, "$date") : field;
        return ReadText(GetField(date, "$numberLong")) is { } number && JsonText.ParseInt64(number) is { } milliseconds
            ? new Timestamp(milliseconds)
            : ReadText(date) is { } text ? JsonText.ParseTime(text) : null;
    }

    // The first four bytes of an ObjectId are its creation time in seconds.
    private static Timestamp? ReadObjectIdTime(JsonElement id) =>
        ReadText(GetField(id, "$oid")) is { Length: 24 } hex
        && hex.All(char.IsAsciiHexDigit)
        && uint.TryParse(hex.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
            ? new Timestamp(seconds * 1000L)
            : null;
}
