using System.Text.Json.Nodes;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Analytics.Api.OpenApi;

/// <summary>Adds the <see cref="OperationMetadata"/> to each operation.</summary>
internal sealed class OperationTransformer(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var action = (ControllerActionDescriptor)context.Description.ActionDescriptor;
        var metadata = OperationMetadata.Get(GetActionName(action));

        operation.OperationId = metadata.Id;
        operation.Security = SecuritySchemes.GetRequirements(action.EndpointMetadata);
        operation.Parameters =
        [
            .. operation.Parameters ?? [],
            .. metadata.Parameters.Select(parameter => new OpenApiParameterReference(parameter, document)),
        ];
        operation.RequestBody = metadata.HasBody ? PushTasksDocs.CreateRequestBody(document) : null;
        operation.Responses = CreateResponses(operation.Responses!, [.. ResponseExamples.Get(metadata.Id)], metadata, document);
        return Task.CompletedTask;
    }

    private static string GetActionName(ControllerActionDescriptor action) =>
        action.ActionName is "Get" or "Post" ? action.ControllerName : action.ControllerName + action.ActionName;

    private OpenApiResponses CreateResponses(
        OpenApiResponses generated, IReadOnlyList<ResponseExample> examples, OperationMetadata metadata, OpenApiDocument document)
    {
        var okResponse = (OpenApiResponse)generated["200"];
        okResponse.Content = metadata.MediaTypes.ToDictionary(
            type => type, type => CreateResponseContent(type, examples, okResponse), StringComparer.Ordinal);

        var responses = new SortedDictionary<int, OpenApiResponse> { [StatusCodes.Status200OK] = okResponse };
        if (metadata.HasETag)
        {
            responses[StatusCodes.Status304NotModified] =
                new OpenApiResponse { Description = "Not modified: the response matches `If-None-Match`." };
        }

        foreach (var errors in metadata.Errors.Append(ErrorExamples.InternalError).GroupBy(error => error.Body.StatusCode))
        {
            responses[errors.Key] = CreateErrorResponse([.. errors], document);
        }

        var result = new OpenApiResponses();
        foreach (var (status, response) in responses)
        {
            response.Headers = ResponseHeaderDocs.GetHeaders(status, metadata, document);
            result.Add(status.ToString(CultureInfo.InvariantCulture), response);
        }

        return result;
    }

    // The generator provides the JSON schema. A binary stream has no end that a generated client would wait for.
    private OpenApiMediaType CreateResponseContent(string type, IEnumerable<ResponseExample> examples, OpenApiResponse generated)
    {
        var content = type == ResponseHeaderDocs.JsonMediaType
            ? generated.Content![type]
            : new OpenApiMediaType { Schema = CreateTextSchema(type) };
        content.Examples = examples
            .Where(example => example.MediaType == type)
            .ToDictionary(example => example.Name, ToOpenApiExample, StringComparer.Ordinal);
        return content;
    }

    private static OpenApiSchema CreateTextSchema(string mediaType) => mediaType switch
    {
        ContentNegotiation.Csv => CreateTextSchema("A header of names, then one line for each row.", format: null),
        ContentNegotiation.Ndjson => CreateTextSchema("One JSON object a line for each row, as in the JSON response.", format: null),
        _ => CreateTextSchema("Events without end: `event` (none, `version` or `error`), `data`, `id` and a blank line each. Comments begin with `:`.", "binary"),
    };

    private static OpenApiSchema CreateTextSchema(string description, string? format) =>
        new() { Type = JsonSchemaType.String, Format = format, Description = description };

    private OpenApiResponse CreateErrorResponse(IReadOnlyList<ErrorExample> errors, OpenApiDocument document) => new()
    {
        Description = string.Join("\n", errors.Select(error => $"- {error.When}: `{error.Body.Message}`")),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [ResponseHeaderDocs.JsonMediaType] = new()
            {
                Schema = new OpenApiSchemaReference(nameof(ErrorResponse), document),
                Examples = errors.ToDictionary(error => error.Name, ToOpenApiExample, StringComparer.Ordinal),
            },
        },
    };

    private IOpenApiExample ToOpenApiExample(ResponseExample example) => new OpenApiExample
    {
        Summary = example.Summary,
        Description = example.Query is null ? null : $"With `{example.Query}`.",
        Value = ToJsonNode(example.Body),
    };

    private IOpenApiExample ToOpenApiExample(ErrorExample error) => new OpenApiExample
    {
        Summary = error.When,
        Value = ToJsonNode(error.Body with { RequestId = ResponseHeaderDocs.ExampleRequestId }),
    };

    private JsonNode? ToJsonNode(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), json.Value.SerializerOptions);
}
