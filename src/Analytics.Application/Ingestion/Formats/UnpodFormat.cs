using System.Globalization;
using System.Text.Json;
using Analytics.Application.Organisations;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>
/// A line of <c>mongoexport</c>, relaxed or canonical Extended JSON, of the platform's <c>tasks</c> collection. Any field may
/// be null, missing or of another type, which counts as missing. Names, phone numbers and transcripts are never read out of it.
/// </summary>
/// <param name="spaces">Every space that the export may name.</param>
/// <param name="productId">The product of all its tasks: the export names none.</param>
/// <param name="onlyOrganisationId">The organisation whose tasks are wanted; absent for all.</param>
public sealed class UnpodFormat(IEnumerable<Space> spaces, string productId, long? onlyOrganisationId = null) : ITaskFormat
{
    private static readonly string[] ExtendedNumbers = ["$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"];

    private readonly Dictionary<string, Space> _spaces = spaces.ToDictionary(space => space.Id.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <inheritdoc />
    public TaskLine Read(ReadOnlyMemory<byte> line, Timestamp receivedAt)
    {
        using var document = JsonText.Parse(line, out var reason);
        return document is null ? new TaskLine.Rejected(null, reason) : Read(document.RootElement, receivedAt);
    }

    private TaskLine Read(JsonElement task, Timestamp receivedAt)
    {
        var rules = new FieldValidator();
        var taskId = rules.CaptureId(rules.RequiredId("task_id", ReadText(Field(task, "task_id"))));

        var space = FindSpace(task, rules);
        var executionType = rules.OptionalString("execution_type", ReadText(Field(task, "execution_type"))) ?? ExecutionType.Call;
        var isCall = ExecutionType.IsCall(executionType);
        var output = Field(task, "output");
        var postCall = Field(output, "post_call_data");

        var createdAt = rules.Time("created", ReadTime(Field(task, "created")) ?? TimeInObjectId(Field(task, "_id")), receivedAt);
        var updatedAt = rules.Time("modified", ReadTime(Field(task, "modified")), receivedAt) ?? createdAt;

        var content = new TaskContent
        {
            SpaceId = space?.Id ?? 0,
            ProductId = productId,
            RunId = rules.Id("run_id", ReadText(Field(task, "run_id"))),
            Agent = rules.Agent("assignee", ReadText(Field(task, "assignee"))),
            Direction = ReadDirection(ReadText(Field(output, "call_type"))),
            ExecutionType = executionType,
            Status = rules.RequiredString("status", ReadText(Field(task, "status"))),
            Label = rules.OptionalString("output.post_call_data.summary.status", ReadText(Field(Field(postCall, "summary"), "status"))),
            Outcome = null,
            SuccessScore = isCall && HasTranscript(output) ? ReadScore(Number(Field(postCall, "success_evaluator"))) : null,
            Duration = isCall && Number(Field(output, "duration")) is { } seconds && CallDuration.IsValid(seconds) ? CallDuration.ToMilliseconds(seconds) : null,
            CreatedAt = createdAt ?? receivedAt,
        };

        return rules.Error is { } broken
            ? new TaskLine.Rejected(rules.RecordId, broken)
            : new TaskLine.Accepted(space!.OrganisationId, new TaskWrite
            {
                TaskId = taskId,
                UpdatedAt = updatedAt ?? receivedAt,
                HasUpdatedAt = updatedAt is not null,
                Content = content.WithClassifiedOutcome(),
                HasCreatedAt = createdAt is not null,
            });
    }

    private Space? FindSpace(JsonElement task, FieldValidator rules)
    {
        var spaceId = rules.RequiredId("space_id", ReadText(Field(task, "space_id")));
        if (!_spaces.TryGetValue(spaceId, out var space))
        {
            rules.Reject("space_id names no known space: import its space first.");
            return null;
        }

        if (onlyOrganisationId is { } only && only != space.OrganisationId)
        {
            rules.Reject("space_id names a space of another organisation than the one that is imported.");
        }

        var organisation = Field(task, "user_org_id");
        var isAnothers = Number(organisation) is { } organisationId
            ? organisationId != space.OrganisationId
            : !string.IsNullOrWhiteSpace(ReadText(organisation));
        if (isAnothers)
        {
            rules.Reject("user_org_id is not the organisation of the space that space_id names.");
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
        var transcript = Field(output, "transcript");
        return transcript.ValueKind switch
        {
            JsonValueKind.Array => transcript.GetArrayLength() > 0,
            JsonValueKind.String => !transcript.ValueEquals(""),
            _ => false,
        };
    }

    /// <summary>The evaluator's scale is 1 to 10; anything else is no score.</summary>
    private static int? ReadScore(decimal? evaluated) =>
        evaluated is >= 1 and <= 10 ? SuccessScore.ToHundredths(evaluated.Value) : null;

    private static JsonElement Field(JsonElement parent, string name)
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
            // Another key, in which a surrogate lacks its pair, stops the search: such a key is nobody's.
            return parent.EnumerateObject().LastOrDefault(property => property.GetName() == name).Value;
        }
    }

    private static string? ReadText(JsonElement field) => field.ValueKind == JsonValueKind.String ? field.GetStringOrInvalid() : null;

    private static decimal? Number(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.Number => field.TryGetDecimal(out var number) ? number : null,
        JsonValueKind.String => JsonText.ParseDecimal(field.GetStringOrInvalid()),
        JsonValueKind.Object => ExtendedNumber(field),
        _ => null,
    };

    private static decimal? ExtendedNumber(JsonElement field) =>
        ExtendedNumbers
            .Select(kind => ReadText(Field(field, kind)))
            .OfType<string>()
            .Select(JsonText.ParseDecimal)
            .FirstOrDefault();

    private static Timestamp? ReadTime(JsonElement field)
    {
        if (field.ValueKind == JsonValueKind.Object)
        {
            var date = Field(field, "$date");
            return ReadText(Field(date, "$numberLong")) is { } milliseconds ? ParseTime(milliseconds) : ReadTime(ReadText(date));
        }

        return ReadTime(ReadText(field));
    }

    private static Timestamp? ReadTime(string? text) => text is null ? null : JsonText.ParseTime(text);

    private static Timestamp? ParseTime(string milliseconds) =>
        long.TryParse(milliseconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? new Timestamp(number) : null;

    /// <summary>An ObjectId begins with the seconds of its making.</summary>
    private static Timestamp? TimeInObjectId(JsonElement id) =>
        ReadText(Field(id, "$oid")) is { Length: 24 } hex
        && uint.TryParse(hex.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
            ? new Timestamp(seconds * 1000L)
            : null;
}
