using System.Text.Json;

namespace Analytics.Application.Requests;

public enum ParameterKind
{
    Text,
    Number,
    DayOrInstant,
    CommaSeparatedList,
    RepeatedText,
}

/// <summary>A header or query parameter: what it allows, and its description in the OpenAPI document.</summary>
public record RequestParameter(string Name, string Description)
{
    /// <summary>Its key among the document's parameters; another one if routes describe the parameter differently.</summary>
    public string Key { get; init; } = Name;
    public ParameterKind Kind { get; init; }
    public bool IsRequired { get; init; }
    public required string Example { get; init; }

    /// <summary>Whether the documentation page sends the example unless its user disables the parameter.</summary>
    public bool IsExampleSent { get; init; }
    public string? Default { get; init; }

    /// <summary>The allowed characters, as in a regular expression.</summary>
    public string? Characters { get; init; }
    public int? MaxLength { get; init; }

    /// <summary>The maximum of a number; its minimum is 1.</summary>
    public int? Maximum { get; init; }
    public int? MaxItems { get; init; }

    /// <summary>The name of the allowed values among the document's schemas.</summary>
    public string? EnumName { get; init; }

    /// <summary>The allowed values; empty if the parameter allows others.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public string ValuesMessage =>
        $"must be {(Kind == ParameterKind.CommaSeparatedList ? "a comma-separated list of" : "one of")} {string.Join(", ", Values)}.";
}

/// <summary>A parameter whose values are those of an enum, in snake case.</summary>
public sealed record EnumParameter<T> : RequestParameter
    where T : struct, Enum
{
    /// <param name="name">The name.</param>
    /// <param name="description">The description.</param>
    /// <param name="options">Only these values of the enum.</param>
    public EnumParameter(string name, string description, params IReadOnlyList<T> options)
        : base(name, description)
    {
        Options = options.Count > 0 ? options : Enum.GetValues<T>();
        EnumName = typeof(T).Name;
        Values = [.. Options.Select(option => option.ToSnakeCase())];
    }

    public IReadOnlyList<T> Options { get; }
}

public static class EnumNames
{
    public static string ToSnakeCase<T>(this T value)
        where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
