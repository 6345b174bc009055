using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Api.Formats;

/// <summary>A column of a table of rows: named as in JSON, a value of an object within by both names with <c>_</c> between.</summary>
internal sealed class Column
{
    private readonly Func<object, object?> _read;
    private readonly JsonTypeInfo _type;
    private readonly Func<object, bool> _isIn;
    private readonly bool _mayBeLeftOut;

    private Column(string name, Func<object, object?> read, JsonTypeInfo type, Func<object, bool> isIn, bool mayBeLeftOut) =>
        (Name, _read, _type, _isIn, _mayBeLeftOut) = (name, read, type, isIn, mayBeLeftOut);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The columns of every row of a type.</summary>
    public static IReadOnlyList<Column> All<T>(JsonSerializerOptions json) => [.. Of(json.GetTypeInfo(typeof(T)))];

    /// <summary>The same without those that JSON leaves out of each of these rows; what is null there is in it.</summary>
    public static IReadOnlyList<Column> In<T>(IReadOnlyCollection<T> rows, JsonSerializerOptions json)
        where T : class =>
        [.. All<T>(json).Where(column => !column._mayBeLeftOut || rows.Any(column._isIn))];

    /// <summary>The value in a row as text: what JSON quotes without its quotes, and nothing for null.</summary>
    public string TextIn(object row) => _read(row) switch
    {
        null => "",
        string text => Inert(text),
        var value => Unquoted(JsonSerializer.SerializeToElement(value, _type)),
    };

    /// <summary>A spreadsheet would run it; a number may begin with its minus.</summary>
    private static string Inert(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;

    private static string Unquoted(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static IEnumerable<Column> Of(JsonTypeInfo type) =>
        from property in type.Properties
        let read = property.Get
        where read is not null
        from column in Of(property, read, type.Options.GetTypeInfo(property.PropertyType))
        select column;

    private static IEnumerable<Column> Of(JsonPropertyInfo property, Func<object, object?> read, JsonTypeInfo type)
    {
        var mayBeLeftOut = property.ShouldSerialize is not null;
        return type.Kind == JsonTypeInfoKind.Object
            ? Of(type).Select(inner => new Column($"{property.Name}_{inner.Name}", row => read(row) is { } value ? inner._read(value) : null, inner._type, row => read(row) is { } value && inner._isIn(value), mayBeLeftOut || inner._mayBeLeftOut))
            : [new Column(property.Name, read, type, row => !mayBeLeftOut || read(row) is not null, mayBeLeftOut)];
    }
}
