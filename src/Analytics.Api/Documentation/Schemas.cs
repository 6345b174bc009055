using System.Text.Json;
using Analytics.Domain.Numbers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>What the types alone do not say about bodies.</summary>
internal static class Schemas
{
    /// <summary>Numbers are within the range of their definition.</summary>
    public static Task BoundNumbers(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } property
            && Metrics.All.FirstOrDefault(metric => metric.Name == $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.DeclaringType.Name)}.{property.Name}") is { } metric)
        {
            schema.Minimum = $"{metric.Minimum}";
            schema.Maximum = metric.Maximum is { } maximum ? $"{maximum}" : null;
        }

        return Task.CompletedTask;
    }

    /// <summary>What there is not, is absent: no body holds a null.</summary>
    public static Task ForbidNull(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var properties in document.Components!.Schemas!.Values.Select(schema => schema.Properties).OfType<IDictionary<string, IOpenApiSchema>>())
        {
            foreach (var (name, schema) in properties.ToList())
            {
                properties[name] = NotNull(schema);
            }
        }

        return Task.CompletedTask;
    }

    private static IOpenApiSchema NotNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type & ~JsonSchemaType.Null;
        }

        return schema.OneOf is [{ Type: JsonSchemaType.Null }, var other] ? other : schema;
    }
}
