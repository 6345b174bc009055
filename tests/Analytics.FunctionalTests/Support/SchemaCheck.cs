using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests.Support;

/// <summary>Holds bodies to the document's schemas, and remembers of which properties it has seen values and nulls.</summary>
internal sealed class SchemaCheck
{
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nulls = new(StringComparer.Ordinal);

    /// <summary>The properties that no body had, and those that may be null and never were.</summary>
    public IEnumerable<string> Unseen(IDictionary<string, IOpenApiSchema> schemas) =>
        from schema in schemas
        from property in schema.Value.Properties!
        let name = $"{schema.Key}.{property.Key}"
        from missing in new[] { _values.Contains(name) ? null : name, property.Value.Type?.HasFlag(JsonSchemaType.Null) != true || _nulls.Contains(name) ? null : $"{name}: null" }
        where missing is not null
        select missing;

    /// <summary>What of a body the schema does not say, or forbids.</summary>
    public IReadOnlyList<string> Problems(IOpenApiSchema schema, JsonNode? body, string at = "$") =>
    [
        .. schema.Type is { } type && !Allows(type, body) ? [$"{at} is {body?.ToJsonString() ?? "null"}, and no {type}"] : Array.Empty<string>(),
        .. schema.Enum is { Count: > 0 } words && !words.Any(word => Text(word) == Text(body)) ? [$"{at} is {Text(body)}, which is none of its words"] : Array.Empty<string>(),
        .. schema.Format == "date-time" && body is not null && !DateTimeOffset.TryParse(Text(body), CultureInfo.InvariantCulture, out _) ? [$"{at} is {Text(body)}, and no time"] : Array.Empty<string>(),
        .. body switch
        {
            JsonObject members => OfMembers(schema, members, at),
            JsonArray items => items.SelectMany((item, i) => Problems(schema.Items!, item, $"{at}[{i}]")),
            JsonValue number when number.GetValueKind() == JsonValueKind.Number => OfRange(schema, decimal.Parse(Text(number), CultureInfo.InvariantCulture), at),
            _ => [],
        },
    ];

    private static bool Allows(JsonSchemaType type, JsonNode? body) => body?.GetValueKind() switch
    {
        null => type.HasFlag(JsonSchemaType.Null),
        JsonValueKind.Object => type.HasFlag(JsonSchemaType.Object),
        JsonValueKind.Array => type.HasFlag(JsonSchemaType.Array),
        JsonValueKind.String => type.HasFlag(JsonSchemaType.String),
        JsonValueKind.Number => type.HasFlag(JsonSchemaType.Number) || (type.HasFlag(JsonSchemaType.Integer) && !Text(body).Contains('.', StringComparison.Ordinal)),
        _ => type.HasFlag(JsonSchemaType.Boolean),
    };

    private static IEnumerable<string> OfRange(IOpenApiSchema schema, decimal number, string at)
    {
        if (number < Bound(schema.Minimum, decimal.MinValue) || number > Bound(schema.Maximum, decimal.MaxValue))
        {
            yield return $"{at} is {number}, out of {schema.Minimum} to {schema.Maximum}";
        }
    }

    private static decimal Bound(string? bound, decimal none) => bound is null ? none : decimal.Parse(bound, CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => node is null || node.IsJsonNullSentinel() ? "null" : node.ToString();

    private IEnumerable<string> OfMembers(IOpenApiSchema schema, JsonObject members, string at)
    {
        foreach (var name in (schema.Required ?? new HashSet<string>()).Where(name => !members.ContainsKey(name)))
        {
            yield return $"{at} has no {name}";
        }

        foreach (var (name, value) in members)
        {
            if (schema.Properties?.TryGetValue(name, out var property) != true || property is null)
            {
                property = schema.AdditionalProperties;
            }

            if (property is null)
            {
                yield return $"{at} has {name}";
                continue;
            }

            (value is null ? _nulls : _values).Add($"{(schema as OpenApiSchemaReference)?.Reference.Id}.{name}");
            foreach (var problem in Problems(property, value, $"{at}.{name}"))
            {
                yield return problem;
            }
        }
    }
}
