using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Domain.Tasks;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>What the types alone do not say about bodies.</summary>
internal static class Schemas
{
    /// <summary>Counts and ratios are never negative, and the ratios have an end.</summary>
    public static Task BoundNumbers(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } property && (property.DeclaringType == typeof(CallAnalytics) || property.DeclaringType == typeof(CallStatus)))
        {
            schema.Minimum = "0";
            schema.Maximum = property.Name switch
            {
                "avg_success_score" => $"{SuccessScore.Max}",
                "success_rate" => "100",
                _ => null,
            };
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
