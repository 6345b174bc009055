using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Api.Formats;

/// <summary>A column of CSV, named as in JSON. The names of a nested property are joined by <c>_</c>.</summary>
internal sealed class Column
{
    private readonly Func<object, object?> _read;
    private readonly JsonTypeInfo _type;
    private readonly Func<object, bool> _isPresent;
    private readonly bool _isOptional;

    private Column(string name, Func<object, object?> read, JsonTypeInfo type, Func<object, bool> isPresent, bool isOptional) =>
        (Name, _read, _type, _isPresent, _isOptional) = (name, read, type, isPresent, isOptional);

    public string Name { get; }

    public static IReadOnlyList<Column> ForType<T>(JsonSerializerOptions json) => [.. Flatten(json.GetTypeInfo(typeof(T)))];

    // Without the columns that JSON omits from every row. A null in JSON is not omitted.
    public static IReadOnlyList<Column> ForRows<T>(IReadOnlyCollection<T> rows, JsonSerializerOptions json)
        where T : class =>
        [.. ForType<T>(json).Where(column => !column._isOptional || rows.Any(column._isPresent))];

    // As in JSON, but without quotes; null is empty.
    public string GetText(object row) => _read(row) switch
    {
        null => "",
        string text => EscapeFormula(text),
        var value => ToUnquotedText(JsonSerializer.SerializeToElement(value, _type)),
    };

    // Spreadsheets execute text that begins like a formula. Numbers, which may begin with a minus, are not escaped.
    private static string EscapeFormula(string text) =>
        text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;

    private static string ToUnquotedText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static IEnumerable<Column> Flatten(JsonTypeInfo type) =>
        from property in type.Properties
        let read = property.Get
        where read is not null
        from column in Flatten(property, read, type.Options.GetTypeInfo(property.PropertyType))
        select column;

    private static IEnumerable<Column> Flatten(JsonPropertyInfo property, Func<object, object?> read, JsonTypeInfo type)
    {
        var isOptional = property.ShouldSerialize is not null;
        return type.Kind == JsonTypeInfoKind.Object
            ? Flatten(type).Select(inner => new Column(
                $"{property.Name}_{inner.Name}",
                row => read(row) is { } value ? inner._read(value) : null,
                inner._type,
                row => read(row) is { } value && inner._isPresent(value),
                isOptional || inner._isOptional))
            : [new Column(property.Name, read, type, row => !isOptional || read(row) is not null, isOptional)];
    }
}
