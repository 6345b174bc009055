using System.Text.Json;
using Analytics.Application.Organisations;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>
/// A line of <c>mongoexport</c> (relaxed, canonical or legacy Extended JSON) of the platform's <c>tasks</c> collection. A field that
/// is null counts as missing. Names, phone numbers and transcripts are not read.
/// </summary>
public sealed class UnpodFormat(IEnumerable<Space> spaces, string productId, long? onlyOrganisationId = null) : ITaskFormat
{
    private readonly Dictionary<string, Space> _spaces =
        spaces.ToDictionary(space => space.Id.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private readonly SortedDictionary<string, long> _ignoredValues = new(StringComparer.Ordinal);

    /// <summary>In how many of the accepted lines a field of <c>output</c> was ignored, because its value was unusable.</summary>
    public IReadOnlyDictionary<string, long> IgnoredValues => _ignoredValues;

    public TaskLine Read(ReadOnlyMemory<byte> line, Timestamp receivedAt)
    {
        using var document = JsonText.Parse(line, out var reason);
        return document is null ? new TaskLine.Rejected(null, reason) : Read(document.RootElement, receivedAt);
    }

    private TaskLine Read(JsonElement line, Timestamp receivedAt)
    {
        var validator = new FieldValidator();
        var task = new ExportedObject(line, "", validator);
        var idValidator = new FieldValidator();
        var taskId = idValidator.RequiredId("task_id", ReadText(task, "task_id", idValidator));
        if (idValidator.Error is { } idError)
        {
            return new TaskLine.Rejected(null, validator.Error ?? idError);
        }

        var space = FindSpace(task, validator);
        var executionType = validator.OptionalString("execution_type", ReadText(task, "execution_type", validator)) ?? ExecutionType.Call;
        var isCall = ExecutionType.IsCall(executionType);
        var output = new UnpodOutput(task, validator);
        var input = new ExportedObject(task["input"], "input", validator);

        // The platform changes status and output without touching modified.
        var createdAt = ReadTime(task, "created", validator, receivedAt)
            ?? validator.Time("_id", ExportedObject.ReadObjectIdTime(task["_id"]), receivedAt);
        var modifiedAt = ReadTime(task, "modified", validator, receivedAt);
        var statusChangedAt = ReadTime(task, "last_status_change", validator, receivedAt);
        var updatedAt = modifiedAt is null || statusChangedAt > modifiedAt ? statusChangedAt ?? createdAt : modifiedAt;

        var content = new TaskContent
        {
            SpaceId = space?.Id ?? 0,
            ProductId = productId,
            RunId = validator.OptionalId("run_id", ReadText(task, "run_id", validator)),
            Agent = validator.Agent("assignee", ReadText(task, "assignee", validator)),
            Direction = ReadDirection(output.CallType, output.Type, ExportedObject.ReadText(input["call_type"])),
            ExecutionType = executionType,
            Status = validator.RequiredString("status", ReadText(task, "status", validator)),
            Label = validator.OptionalString(output.LabelPath, output.Label),
            Outcome = null,
            SuccessScore = isCall ? output.Score : null,
            Duration = isCall ? output.Duration : null,
            CreatedAt = createdAt ?? receivedAt,
        };
        if (validator.Error is { } error)
        {
            return new TaskLine.Rejected(taskId, error);
        }

        foreach (var field in output.Ignored)
        {
            _ignoredValues[field] = _ignoredValues.GetValueOrDefault(field) + 1;
        }

        return new TaskLine.Accepted(space!.OrganisationId, new TaskWrite
        {
            TaskId = taskId,
            UpdatedAt = updatedAt ?? receivedAt,
            HasUpdatedAt = updatedAt is not null,
            Content = content.WithClassifiedOutcome(),
            HasCreatedAt = createdAt is not null,
        });
    }

    private Space? FindSpace(ExportedObject task, FieldValidator validator)
    {
        var spaceId = validator.RequiredId("space_id", ReadSpaceId(task["space_id"], validator));
        if (!_spaces.TryGetValue(spaceId, out var space))
        {
            validator.Reject("space_id names no known space: import its space first.");
            return null;
        }

        if (onlyOrganisationId is { } requiredOrganisationId && requiredOrganisationId != space.OrganisationId)
        {
            validator.Reject("space_id names a space of another organisation than the one that is imported.");
        }

        var organisation = task["user_org_id"];
        var isMissing = organisation.ValueKind == JsonValueKind.Undefined
            || (ExportedObject.ReadText(organisation) is { } text && string.IsNullOrWhiteSpace(text));
        if (!isMissing && ExportedObject.ReadNumber(organisation) != space.OrganisationId)
        {
            validator.Reject("user_org_id is not the organisation of the space that space_id names.");
        }

        return space;
    }

    private static string? ReadSpaceId(JsonElement field, FieldValidator validator)
    {
        if (field.ValueKind is JsonValueKind.Undefined or JsonValueKind.String)
        {
            return ExportedObject.ReadText(field);
        }

        if (ExportedObject.ReadNumber(field) is { } number && decimal.IsInteger(number))
        {
            return number.ToString("0", CultureInfo.InvariantCulture);
        }

        validator.Reject("space_id must be a string or an integer.");
        return null;
    }

    // The first of the three places that names a direction.
    private static Direction ReadDirection(params ReadOnlySpan<string?> callTypes)
    {
        foreach (var callType in callTypes)
        {
            switch (callType)
            {
                case "inbound" or "inboundPhoneCall": return Direction.Inbound;
                case "outbound" or "outboundPhoneCall": return Direction.Outbound;
            }
        }

        return Direction.None;
    }

    private static string? ReadText(ExportedObject task, string name, FieldValidator validator)
    {
        var text = ExportedObject.ReadText(task[name]);
        if (text is null && task[name].ValueKind != JsonValueKind.Undefined)
        {
            validator.Reject($"{name} must be a string.");
        }

        return text;
    }

    private static Timestamp? ReadTime(ExportedObject task, string name, FieldValidator validator, Timestamp receivedAt)
    {
        var time = ExportedObject.ReadTime(task[name]);
        if (time is null && task[name].ValueKind != JsonValueKind.Undefined)
        {
            validator.Reject($"{name} must be an ISO 8601 time or a $date.");
        }

        return validator.Time(name, time, receivedAt);
    }
}
