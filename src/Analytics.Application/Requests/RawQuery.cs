using FluentValidation.Results;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Requests;

/// <summary>The query parameters as the client sent them: names are case-sensitive and all values are preserved in order.</summary>
/// <param name="pairs">Decoded names and values.</param>
/// <param name="queryString">The undecoded query string, if there is one.</param>
public sealed class RawQuery(IEnumerable<(string Name, string Value)> pairs, string? queryString = null)
{
    private readonly Dictionary<string, StringValues> _values = pairs
        .GroupBy(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)
        .ToDictionary(values => values.Key, values => new StringValues([.. values]), StringComparer.Ordinal);

    public static RawQuery Empty { get; } = new([]);

    public string? QueryString => queryString;

    public bool IsEmpty => _values.Count == 0;

    public IEnumerable<string> Names => _values.Keys;

    public StringValues this[string name] => _values.GetValueOrDefault(name);

    // For routes without parameters.
    public IReadOnlyList<ValidationFailure> RejectAny() =>
        [.. Names.Order(StringComparer.Ordinal)
            .Select(name => new ValidationFailure(name, $"{name} is not known here: there are no parameters."))];
}
