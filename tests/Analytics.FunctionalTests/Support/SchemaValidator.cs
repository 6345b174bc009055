using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests.Support;

/// <summary>Validates bodies against the document's schemas, and records of which properties it has found values and nulls.</summary>
internal sealed class SchemaValidator
{
    private readonly HashSet<string> _propertiesWithValue = new(StringComparer.Ordinal);
    private readonly HashSet<string> _propertiesWithNull = new(StringComparer.Ordinal);

    // The properties that no body had, and the nullable ones that were never null.
    public IEnumerable<string> FindUncoveredProperties(IEnumerable<KeyValuePair<string, IOpenApiSchema>> schemas) =>
        from schema in schemas
        from property in schema.Value.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        let name = $"{schema.Key}.{property.Key}"
        from missing in new[] { _propertiesWithValue.Contains(name) ? null : name,
            !IsNullable(property.Value) || _propertiesWithNull.Contains(name) ? null : $"{name}: null" }
        where missing is not null
        select missing;

    // What of a body the schema does not describe, or forbids.
    public IReadOnlyList<string> Validate(IOpenApiSchema schema, JsonNode? body, string path = "$") =>
    [
        .. schema.Type is { } type && !Allows(type, body) ? [$"{path} is {body?.ToJsonString() ?? "null"}, and no {type}"]
            : Array.Empty<string>(),
        .. schema.OneOf is { Count: > 0 } choices && !choices.Any(choice => Validate(choice, body, path).Count == 0)
            ? [$"{path} is {ToText(body)}, which matches no schema"] : Array.Empty<string>(),
        .. schema.Enum is { Count: > 0 } allowedValues && !allowedValues.Any(allowedValue => ToText(allowedValue) == ToText(body))
            ? [$"{path} is {ToText(body)}, which is not one of its values"] : Array.Empty<string>(),
        .. schema.Format == "date-time" && body is not null && !DateTimeOffset.TryParse(ToText(body), CultureInfo.InvariantCulture, out _)
            ? [$"{path} is {ToText(body)}, and no time"] : Array.Empty<string>(),
        .. body switch
        {
            _ when schema.OneOf is { Count: > 0 } => [],
            JsonObject members => ValidateMembers(schema, members, path),
            JsonArray items => items.SelectMany((item, i) => Validate(schema.Items!, item, $"{path}[{i}]")),
            JsonValue number when number.GetValueKind() == JsonValueKind.Number =>
                ValidateRange(schema, decimal.Parse(ToText(number), CultureInfo.InvariantCulture), path),
            _ => [],
        },
    ];

    private static bool IsNullable(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || (schema.OneOf ?? []).Any(IsNullable);

    private static bool Allows(JsonSchemaType type, JsonNode? body) => body?.GetValueKind() switch
    {
        null => type.HasFlag(JsonSchemaType.Null),
        JsonValueKind.Object => type.HasFlag(JsonSchemaType.Object),
        JsonValueKind.Array => type.HasFlag(JsonSchemaType.Array),
        JsonValueKind.String => type.HasFlag(JsonSchemaType.String),
        JsonValueKind.Number => type.HasFlag(JsonSchemaType.Number)
            || (type.HasFlag(JsonSchemaType.Integer) && !ToText(body).Contains('.', StringComparison.Ordinal)),
        _ => type.HasFlag(JsonSchemaType.Boolean),
    };

    private static IEnumerable<string> ValidateRange(IOpenApiSchema schema, decimal number, string path)
    {
        if (number < ParseBound(schema.Minimum, decimal.MinValue) || number > ParseBound(schema.Maximum, decimal.MaxValue))
        {
            yield return $"{path} is {number}, out of {schema.Minimum} to {schema.Maximum}";
        }
    }

    private static decimal ParseBound(string? bound, decimal defaultValue) =>
        bound is null ? defaultValue : decimal.Parse(bound, CultureInfo.InvariantCulture);

    private static string ToText(JsonNode? node) => node is null || node.IsJsonNullSentinel() ? "null" : node.ToString();

    private IEnumerable<string> ValidateMembers(IOpenApiSchema schema, JsonObject members, string path)
    {
        foreach (var name in (schema.Required ?? new HashSet<string>()).Where(name => !members.ContainsKey(name)))
        {
            yield return $"{path} has no {name}";
        }

        foreach (var (name, value) in members)
        {
            if (schema.Properties?.TryGetValue(name, out var property) != true || property is null)
            {
                property = schema.AdditionalProperties;
            }

            if (property is null)
            {
                yield return $"{path} has {name}";
                continue;
            }

            (value is null ? _propertiesWithNull : _propertiesWithValue).Add($"{(schema as OpenApiSchemaReference)?.Reference.Id}.{name}");
            foreach (var error in Validate(property, value, $"{path}.{name}"))
            {
                yield return error;
            }
        }
    }
}
