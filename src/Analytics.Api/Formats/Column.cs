using System.Text.Json.Serialization.Metadata;

namespace Analytics.Api.Formats;

/// <summary>A column of a table, named like its JSON property; <c>a_b</c> is the property b of the nested object a.</summary>
internal sealed record Column(string Name, Func<object, object?> Read, JsonTypeInfo Type)
{
    /// <param name="json">The options that JSON responses use.</param>
    /// <param name="optionalProperties">Of the properties that JSON omits if they are null, those that have columns.</param>
    public static IReadOnlyList<Column> ForType<T>(JsonSerializerOptions json, params IReadOnlyCollection<string> optionalProperties) =>
    [
        .. from property in json.GetTypeInfo(typeof(T)).Properties
           where property.ShouldSerialize is null || optionalProperties.Contains(property.Name)
           from column in Flatten(property)
           select column,
    ];

    /// <summary>The value as in JSON, but without quotes, and empty if null.</summary>
    public string GetText(object row) => Read(row) switch
    {
        null => "",
        string text => FormulaEscaping.Escape(text),
        var value => ToUnquotedText(JsonSerializer.SerializeToElement(value, Type)),
    };

    private static string ToUnquotedText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static IEnumerable<Column> Flatten(JsonPropertyInfo property)
    {
        var (read, type) = (property.Get, property.Options.GetTypeInfo(property.PropertyType));
        if (read is null)
        {
            return [];
        }

        return type.Kind != JsonTypeInfoKind.Object
            ? [new(property.Name, read, type)]
            : type.Properties.SelectMany(Flatten).Select(inner => new Column(
                $"{property.Name}_{inner.Name}", row => read(row) is { } value ? inner.Read(value) : null, inner.Type));
    }
}
