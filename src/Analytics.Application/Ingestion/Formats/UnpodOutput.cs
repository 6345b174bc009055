using System.Text.Json;

namespace Analytics.Application.Ingestion.Formats;

/// <summary>
/// The field <c>output</c> of an exported task. Language models write its content, so a value of another type or an unreadable
/// one counts as missing and is listed in <see cref="Ignored"/>.
/// </summary>
internal sealed class UnpodOutput
{
    private readonly ExportedObject _output;
    private readonly ExportedObject _postCall;
    private readonly ExportedObject _summary;
    private readonly FieldValidator _validator;
    private readonly List<string> _ignored = [];

    public UnpodOutput(ExportedObject task, FieldValidator validator)
    {
        _validator = validator;
        _output = ReadObject(task, "output");
        _postCall = ReadObject(_output, "post_call_data");
        _summary = ReadObject(_postCall, "summary");
        CallType = ReadText(_output, "call_type");
        Type = ReadText(_output, "type");
        Label = ReadText(_summary, "status");
        Score = ReadScore();
        Duration = ReadDuration();
    }

    public IReadOnlyList<string> Ignored => _ignored;

    public string? CallType { get; }

    public string? Type { get; }

    public string? Label { get; }

    public string LabelPath => _summary.PathOf("status");

    // In hundredths.
    public int? Score { get; }

    // In milliseconds.
    public long? Duration { get; }

    // The evaluator's scale is 1 to 10; any other number is no score. Without a transcript there was nothing to evaluate.
    private int? ReadScore()
    {
        var score = Read(_postCall, "success_evaluator", ExportedObject.ReadNumber);
        return HasTranscript() && score is >= 1 and <= 10 ? SuccessScore.ToHundredths(score.Value) : null;
    }

    private bool HasTranscript()
    {
        var transcript = _output["transcript"];
        switch (transcript.ValueKind)
        {
            case JsonValueKind.Undefined:
                return false;
            case JsonValueKind.Array:
                return transcript.GetArrayLength() > 0;
            case JsonValueKind.String:
                return !transcript.ValueEquals("");
            default:
                Ignore(_output, "transcript");
                return false;
        }
    }

    private long? ReadDuration()
    {
        if (Read(_output, "duration", ExportedObject.ReadNumber) is { } seconds)
        {
            if (CallDuration.IsValid(seconds))
            {
                return CallDuration.ToMilliseconds(seconds);
            }

            Ignore(_output, "duration");
        }

        return Read(_output, "end_time", ExportedObject.ReadTime) is { } end
            && Read(_output, "start_time", ExportedObject.ReadTime) is { } start
            && CallDuration.IsValid((end.UnixMilliseconds - start.UnixMilliseconds) / 1000m)
                ? end.UnixMilliseconds - start.UnixMilliseconds
                : null;
    }

    private string? ReadText(ExportedObject parent, string name)
    {
        var text = ExportedObject.ReadText(parent[name]);
        if (text is null)
        {
            Ignore(parent, name);
        }

        return text;
    }

    private T? Read<T>(ExportedObject parent, string name, Func<JsonElement, T?> read)
        where T : struct
    {
        var value = read(parent[name]);
        if (value is null)
        {
            Ignore(parent, name);
        }

        return value;
    }

    private ExportedObject ReadObject(ExportedObject parent, string name)
    {
        if (parent[name].ValueKind != JsonValueKind.Object)
        {
            Ignore(parent, name);
        }

        return new ExportedObject(parent[name], parent.PathOf(name), _validator);
    }

    // An absent value is not ignored.
    private void Ignore(ExportedObject parent, string name)
    {
        if (parent[name].ValueKind != JsonValueKind.Undefined)
        {
            _ignored.Add(parent.PathOf(name));
        }
    }
}
