using System.Text.Json.Serialization.Metadata;
using Analytics.Api.Errors;
using Analytics.Application.Reporting.GetDefinitions;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>Adds ranges, enums, formats and nullability, which the generator does not infer.</summary>
internal static class SchemaTransformers
{
    private const string ChangeSuffix = "_change";
    private const string PointsSuffix = "_points";

    public static Task SetRanges(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } property)
        {
            var name = GetFieldName(property);
            var (minimum, maximum) = GetRange(name);
            schema.Minimum = minimum is null ? null : $"{minimum}";
            schema.Maximum = maximum is null ? null : $"{maximum}";
            if (name is "listed_task.created_at" or "listed_task.updated_at" or "meta.data_through" or "meta.first_task_at")
            {
                schema.Format = "date-time";
            }
        }

        return Task.CompletedTask;
    }

    // A direction is not one of them, because it is empty for tasks without one.
    public static Task SetEnums(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        SetEnum(document, nameof(ListedTask), QueryParameters.Outcome);
        SetEnum(document, SchemaNames.QueryMeta, QueryParameters.Interval);

        // Without a type, NSwag would read the names as numbers.
        foreach (var name in new[] { nameof(ErrorCode), nameof(BucketState), nameof(Better) })
        {
            ((OpenApiSchema)document.Components!.Schemas![name]).Type = JsonSchemaType.String;
        }

        return Task.CompletedTask;
    }

    // A required property can be null; an optional one is omitted instead. These are both: omitted unless requested, null if unknown.
    public static Task SetNullability(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var body in document.Components!.Schemas!.Values.Where(schema => schema.Properties is not null))
        {
            foreach (var (name, schema) in body.Properties!.ToList())
            {
                if (body.Required?.Contains(name) != true && name is not ("total" or "change_percent"))
                {
                    body.Properties![name] = MakeNonNullable(schema);
                }
            }
        }

        return Task.CompletedTask;
    }

    // The name in the metric definitions.
    private static string GetFieldName(JsonPropertyInfo property)
    {
        var block = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.DeclaringType.Name);
        return block.EndsWith(ChangeSuffix, StringComparison.Ordinal)
            ? $"{DefinitionsResponse.ChangePercentBlock}.{block[..^ChangeSuffix.Length]}.{property.Name}"
            : block.EndsWith(PointsSuffix, StringComparison.Ordinal)
                ? $"{DefinitionsResponse.ChangePointsBlock}.{block[..^PointsSuffix.Length]}.{property.Name}"
                : $"{block}.{property.Name}";
    }

    private static (decimal? Minimum, decimal? Maximum) GetRange(string name) => name switch
    {
        "listed_task.success_score" => (0, SuccessScore.Max),
        "listed_task.duration_seconds" => (0, CallDuration.MaxSeconds),
        _ => DefinitionsResponse.All.Definitions.FirstOrDefault(definition => definition.Name == name) is { } match
            ? (match.Minimum, match.Maximum)
            : default,
    };

    // The property has the name of the parameter, and may be null.
    private static void SetEnum(OpenApiDocument document, string schemaName, RequestParameter parameter)
    {
        var properties = document.Components!.Schemas![schemaName].Properties!;
        properties[parameter.Name] = new OpenApiSchema
        {
            Description = properties[parameter.Name].Description,
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.Null },
                new OpenApiSchemaReference(parameter.EnumName!, document),
            ],
        };
    }

    private static IOpenApiSchema MakeNonNullable(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type & ~JsonSchemaType.Null;
        }

        return schema.OneOf is [{ Type: JsonSchemaType.Null }, var other] ? other : schema;
    }
}
