using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Analytics.Application.Analytics.Definitions;
using Analytics.Domain.Tasks;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>What the types alone do not say about bodies.</summary>
internal static class Schemas
{
    private const string Change = "_change";

    /// <summary>How outcomes are shown and asked for.</summary>
    public static IReadOnlyList<string> OutcomeNames { get; } = [.. Enum.GetValues<Outcome>().Select(Outcomes.Name)];

    /// <summary>How directions are shown and asked for.</summary>
    public static IReadOnlyList<string> DirectionNames { get; } = [.. Enum.GetValues<Direction>().Select(Directions.Name)];

    /// <summary>How intervals are shown and asked for.</summary>
    public static IReadOnlyList<string> IntervalNames { get; } = ["hour", "day", "week", "month"];

    /// <summary>Numbers are within their range, and texts are words or times where they can be nothing else.</summary>
    public static Task BoundValues(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } property)
        {
            var name = NameOf(property);
            var (minimum, maximum) = RangeOf(name);
            schema.Minimum = minimum is null ? null : $"{minimum}";
            schema.Maximum = maximum is null ? null : $"{maximum}";
            schema.Enum = WordsOf(name) is { } words ? [.. words.Select(word => JsonValue.Create(word))] : null;
            schema.Format = name is "listed_task.created_at" or "listed_task.updated_at" or "meta.data_through" ? "date-time" : schema.Format;
        }

        return Task.CompletedTask;
    }

    /// <summary>What a body must have may be null. What it may be without is left out instead.</summary>
    public static Task PlaceNulls(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var body in document.Components!.Schemas!.Values.Where(schema => schema.Properties is not null))
        {
            foreach (var (name, schema) in body.Properties!.ToList())
            {
                if (body.Required?.Contains(name) != true)
                {
                    body.Properties![name] = NotNull(schema);
                }
                else if (schema is { Type: { } type, Enum: { } words } && type.HasFlag(JsonSchemaType.Null))
                {
                    words.Add(JsonNullSentinel.JsonNull);
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The block and the field, as in definitions.</summary>
    private static string NameOf(JsonPropertyInfo property)
    {
        var block = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.DeclaringType.Name);
        return block.EndsWith(Change, StringComparison.Ordinal)
            ? $"{DefinitionsResponse.OfComparison}.{block[..^Change.Length]}.{property.Name}"
            : $"{block}.{property.Name}";
    }

    private static (decimal? Minimum, decimal? Maximum) RangeOf(string name) => name switch
    {
        "listed_task.success_score" => (0, SuccessScore.Max),
        "listed_task.duration_seconds" => (0, CallDuration.MaxSeconds),
        _ => DefinitionsResponse.All.Definitions.FirstOrDefault(definition => definition.Name == name) is { } number ? (number.Minimum, number.Maximum) : default,
    };

    private static IReadOnlyList<string>? WordsOf(string name) => name switch
    {
        "listed_task.outcome" => OutcomeNames,
        "listed_task.direction" or "group_row.direction" => DirectionNames,
        "meta.interval" => IntervalNames,
        _ => null,
    };

    private static IOpenApiSchema NotNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type & ~JsonSchemaType.Null;
        }

        return schema.OneOf is [{ Type: JsonSchemaType.Null }, var other] ? other : schema;
    }
}
