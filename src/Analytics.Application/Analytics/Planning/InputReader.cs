using Analytics.Application.Pipeline;
using NodaTime;

namespace Analytics.Application.Analytics.Planning;

/// <summary>Reads the parameters of a query and keeps every rule that they break. Where one is broken, what is read stands in for it.</summary>
internal sealed class InputReader(QueryInputs inputs, Slot now)
{
    private readonly List<InputProblem> _problems = [];

    public IReadOnlyList<InputProblem> Problems => _problems;

    public void Refuse(string name, string message) => _problems.Add(new(name, message));

    /// <summary>The names that were given and mean nothing, ordinal.</summary>
    public IEnumerable<string> UnknownOf(IEnumerable<string> knownNames) => inputs.Names.Except(knownNames).Order(StringComparer.Ordinal);

    /// <summary>The value of a parameter that may be given once; a blank one is absent.</summary>
    public string? ReadOne(string name)
    {
        var values = inputs[name];
        if (values.Count > 1)
        {
            Refuse(name, $"{name} must be given only once.");
            return null;
        }

        return string.IsNullOrWhiteSpace(values) ? null : values.ToString();
    }

    public DateTimeZone ReadZone() => throw new NotSupportedException();

    public AskedRange ReadRange(DateTimeZone zone) => throw new NotSupportedException($"{now}");

    public TaskFilter ReadFilter() => throw new NotSupportedException();

    public AnswerFormat? ReadFormat() => throw new NotSupportedException();

    public int ReadLimit() => throw new NotSupportedException();

    public Blocks ReadBlocks(Blocks allowed) => throw new NotSupportedException();
}
