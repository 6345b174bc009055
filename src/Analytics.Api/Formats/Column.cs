using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Api.Formats;

/// <summary>A column of a table of rows: named as in JSON, a value of an object within by both names with <c>_</c> between.</summary>
internal sealed class Column
{
    private readonly Func<object, object?> _read;
    private readonly JsonTypeInfo _type;
    private readonly Func<object, bool> _isPresent;
    private readonly bool _isOptional;

    private Column(string name, Func<object, object?> read, JsonTypeInfo type, Func<object, bool> isPresent, bool isOptional) =>
        (Name, _read, _type, _isPresent, _isOptional) = (name, read, type, isPresent, isOptional);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The columns of every row of a type.</summary>
    public static IReadOnlyList<Column> ForType<T>(JsonSerializerOptions json) => [.. Flatten(json.GetTypeInfo(typeof(T)))];

    /// <summary>The same without those that JSON leaves out of each of these rows; what is null there is in it.</summary>
    public static IReadOnlyList<Column> ForRows<T>(IReadOnlyCollection<T> rows, JsonSerializerOptions json)
        where T : class =>
        [.. ForType<T>(json).Where(column => !column._isOptional || rows.Any(column._isPresent))];

    /// <summary>The value in a row as text: what JSON quotes without its quotes, and nothing for null.</summary>
    public string GetText(object row) => _read(row) switch
    {
        null => "",
        string text => EscapeFormula(text),
        var value => ToUnquotedText(JsonSerializer.SerializeToElement(value, _type)),
    };

    /// <summary>A spreadsheet would run it; a number may begin with its minus.</summary>
    private static string EscapeFormula(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;

    private static string ToUnquotedText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

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
            ? Flatten(type).Select(inner => new Column($"{property.Name}_{inner.Name}", row => read(row) is { } value ? inner._read(value) : null, inner._type, row => read(row) is { } value && inner._isPresent(value), isOptional || inner._isOptional))
            : [new Column(property.Name, read, type, row => !isOptional || read(row) is not null, isOptional)];
    }
}
