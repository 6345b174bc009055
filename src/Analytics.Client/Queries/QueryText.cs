using System.Globalization;

namespace Analytics.Client;

/// <summary>Parameters as the text of a URL. A null is left out; an empty text is not.</summary>
internal static class QueryText
{
    public static string Create(IEnumerable<(string Name, string? Value)> parameters)
    {
        var text = string.Join('&', parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return text.Length == 0 ? "" : $"?{text}";
    }

    public static string? Format(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    public static string? Join<T>(IReadOnlyList<T>? values)
        where T : struct, IApiValue<T> =>
        values is null or [] ? null : string.Join(',', values.Select(value => value.Value));
}
