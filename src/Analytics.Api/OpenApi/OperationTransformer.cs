using System.Text.Json.Nodes;
using Analytics.Api.Errors;
using Analytics.Api.RequestBodies;
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
        var method = context.Description.HttpMethod!;
        var name = GetOperationName(action);
        var metadata = OperationMetadata.Get(name);

        operation.OperationId = method.ToLowerInvariant() + name;
        operation.Security = SecuritySchemes.GetRequirements(action.EndpointMetadata, document);
        operation.Parameters =
        [
            .. operation.Parameters ?? [],
            .. metadata.Parameters.Select(parameter => new OpenApiParameterReference(parameter, document)),
        ];
        operation.RequestBody = metadata.Body is { } body ? CreateRequestBody(body) : null;
        operation.Responses = CreateResponses(operation.Responses!, [.. ResponseExamples.Get(name)], metadata, document);

        if (HttpMethods.IsHead(method))
        {
            operation.Summary += " (headers only)";
            foreach (var response in operation.Responses.Values.OfType<OpenApiResponse>())
            {
                response.Content = null;
            }
        }

        return Task.CompletedTask;
    }

    private static string GetOperationName(ControllerActionDescriptor action) =>
        action.ActionName is "Get" or "Post" ? action.ControllerName : action.ControllerName + action.ActionName;

    private static OpenApiRequestBody CreateRequestBody(BodyExample body) => new()
    {
        Required = true,
        Description = body.Rules,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [PushBodyReader.MediaType] = new()
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = JsonValue.Create(body.Text),
            },
        },
    };

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

    // The generator provides the JSON schema; other formats are documented as strings.
    private OpenApiMediaType CreateResponseContent(string type, IEnumerable<ResponseExample> examples, OpenApiResponse generated)
    {
        var content = type == ResponseHeaderDocs.JsonMediaType
            ? generated.Content![type]
            : new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        content.Examples = examples
            .Where(example => example.MediaType == type)
            .ToDictionary(example => example.Name, ToOpenApiExample, StringComparer.Ordinal);
        return content;
    }

    private OpenApiResponse CreateErrorResponse(IReadOnlyList<ErrorExample> errors, OpenApiDocument document) => new()
    {
        Description = string.Join("\n", errors.Select(error => $"- {error.When}: `{error.Body.Message}`")),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [ResponseHeaderDocs.JsonMediaType] = new()
            {
                Schema = new OpenApiSchemaReference(nameof(ApiError), document),
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
