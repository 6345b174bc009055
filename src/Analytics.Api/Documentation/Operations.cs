using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Api.Bodies;
using Analytics.Api.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>Adds to each operation what the pipeline around its controller reads and answers.</summary>
internal sealed class Operations(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var action = (ControllerActionDescriptor)context.Description.ActionDescriptor;
        var method = context.Description.HttpMethod!;
        var name = NameOf(action);
        var route = Route.Of(name);

        operation.OperationId = method.ToLowerInvariant() + name;
        operation.Security = Security.Of(action.EndpointMetadata, document);
        operation.Parameters = [.. operation.Parameters ?? [], .. route.Parameters.Select(parameter => new OpenApiParameterReference(parameter, document))];
        operation.RequestBody = route.Body is { } body ? RequestBody(body) : null;
        operation.Responses = Responses(operation.Responses!, route, document);

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

    /// <summary>The controller, and the action where it says more than the method.</summary>
    private static string NameOf(ControllerActionDescriptor action) =>
        action.ActionName is "Get" or "Post" ? action.ControllerName : action.ControllerName + action.ActionName;

    private static OpenApiRequestBody RequestBody(BodyExample body) => new()
    {
        Required = true,
        Description = body.Rules,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [TasksBody.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = JsonValue.Create(body.Text) },
        },
    };

    private OpenApiResponses Responses(OpenApiResponses generated, Route route, OpenApiDocument document)
    {
        var answer = (OpenApiResponse)generated["200"];
        answer.Content = route.MediaTypes.ToDictionary(type => type, type => AnswerIn(type, route, answer), StringComparer.Ordinal);

        var responses = new Dictionary<string, OpenApiResponse>(StringComparer.Ordinal) { ["200"] = answer };
        if (route.IsTagged)
        {
            responses["304"] = new OpenApiResponse { Description = "Not modified: you hold the answer already, by `If-None-Match`." };
        }

        foreach (var errors in route.Errors.Append(ErrorExamples.Defect).GroupBy(error => error.Body.StatusCode))
        {
            responses[Text(errors.Key)] = ErrorResponse([.. errors], document);
        }

        var inOrder = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            response.Headers = Outputs.HeadersOf(int.Parse(status, CultureInfo.InvariantCulture), route, document);
            inOrder.Add(status, response);
        }

        return inOrder;
    }

    /// <summary>The answer in one form: of JSON the generator knows the type, anything else is text.</summary>
    private OpenApiMediaType AnswerIn(string type, Route route, OpenApiResponse generated)
    {
        var answer = type == Outputs.Json ? generated.Content![type] : new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        answer.Examples = route.Answers.Where(example => example.MediaType == type).ToDictionary(example => example.Name, Example, StringComparer.Ordinal);
        return answer;
    }

    private OpenApiResponse ErrorResponse(IReadOnlyList<ErrorExample> errors, OpenApiDocument document) => new()
    {
        Description = string.Join("\n", errors.Select(error => $"- {error.When}: `{error.Body.Message}`")),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Outputs.Json] = new()
            {
                Schema = new OpenApiSchemaReference(nameof(ApiError), document),
                Examples = errors.ToDictionary(error => error.Name, Example, StringComparer.Ordinal),
            },
        },
    };

    private IOpenApiExample Example(AnswerExample answer) =>
        new OpenApiExample { Summary = answer.What, Description = answer.Query is null ? null : $"With `{answer.Query}`.", Value = Node(answer.Body) };

    private IOpenApiExample Example(ErrorExample error) =>
        new OpenApiExample { Summary = error.When, Value = Node(error.Body with { RequestId = Outputs.ExampleRequestId }) };

    private JsonNode? Node(object answer) => JsonSerializer.SerializeToNode(answer, answer.GetType(), json.Value.SerializerOptions);

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
