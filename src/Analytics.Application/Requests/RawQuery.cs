using FluentValidation.Results;
using Microsoft.Extensions.Primitives;

namespace Analytics.Application.Requests;

/// <summary>The parameters of a query as the caller gave them: names in their case, each with all of its values in their order.</summary>
/// <param name="pairs">The query's pairs of name and value, decoded.</param>
/// <param name="queryString">The query itself, if it is at hand.</param>
public sealed class RawQuery(IEnumerable<(string Name, string Value)> pairs, string? queryString = null)
{
    private readonly Dictionary<string, StringValues> _values = pairs
        .GroupBy(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)
        .ToDictionary(values => values.Key, values => new StringValues([.. values]), StringComparer.Ordinal);

    /// <summary>A query without parameters.</summary>
    public static RawQuery Empty { get; } = new([]);

    /// <summary>The query itself, if it is at hand: equal texts say the same.</summary>
    public string? QueryString => queryString;

    /// <summary>Whether nothing was given.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>The names that were given.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The values of a parameter; none where it was not given.</summary>
    public StringValues this[string name] => _values.GetValueOrDefault(name);

    /// <summary>What is wrong with parameters where there are none.</summary>
    public IReadOnlyList<ValidationFailure> RejectAny() =>
        [.. Names.Order(StringComparer.Ordinal).Select(name => new ValidationFailure(name, $"{name} is not known here: there are no parameters."))];
}
