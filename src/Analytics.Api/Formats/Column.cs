using System.Text.Json.Serialization.Metadata;

namespace Analytics.Api.Formats;

/// <summary>A column of a table, named like its JSON property; <c>a_b</c> is the property b of the nested object a.</summary>
internal sealed record Column(string Name, Func<object, object?> Read, JsonTypeInfo Type, bool IsOptional, Func<object, bool> IsPresent)
{
    public static IReadOnlyList<Column> ForType<T>(JsonSerializerOptions json) => [.. Flatten(json.GetTypeInfo(typeof(T)))];

    /// <summary>Without columns that JSON omits from every one of these rows.</summary>
    public static IReadOnlyList<Column> ForRows<T>(IReadOnlyCollection<T> rows, JsonSerializerOptions json)
        where T : class =>
        [.. ForType<T>(json).Where(column => !column.IsOptional || rows.Any(column.IsPresent))];

    /// <summary>The value as in JSON, but without quotes, and empty if null.</summary>
    public string GetText(object row) => Read(row) switch
    {
        null => "",
        string text => EscapeFormula(text),
        var value => ToUnquotedText(JsonSerializer.SerializeToElement(value, Type)),
    };

    // A spreadsheet would execute the text. Numbers are not escaped: they may start with a minus sign.
    private static string EscapeFormula(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;

    private static string ToUnquotedText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static IEnumerable<Column> Flatten(JsonTypeInfo type) =>
        from property in type.Properties
        where property.Get is not null
        from column in Flatten(property, property.Get!, type.Options.GetTypeInfo(property.PropertyType))
        select column;

    private static IEnumerable<Column> Flatten(JsonPropertyInfo property, Func<object, object?> read, JsonTypeInfo type)
    {
        var isOptional = property.ShouldSerialize is not null;
        return type.Kind != JsonTypeInfoKind.Object
            ? [new(property.Name, read, type, isOptional, row => !isOptional || read(row) is not null)]
            : Flatten(type).Select(inner => new Column(
                $"{property.Name}_{inner.Name}",
                row => read(row) is { } value ? inner.Read(value) : null,
                inner.Type,
                isOptional || inner.IsOptional,
                row => read(row) is { } value && inner.IsPresent(value)));
    }
}
