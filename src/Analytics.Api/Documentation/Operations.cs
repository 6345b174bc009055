using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Startup;
using Analytics.Application.Pipeline;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
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
        var isOfOrganisation = action.ControllerTypeInfo.IsSubclassOf(typeof(OrganisationController));

        operation.OperationId = IdOf(action, method);
        operation.Security = Security.Of(action.EndpointMetadata, document);
        var isStream = operation.Responses!["200"].Content!.ContainsKey(Outputs.Events);
        operation.Parameters = [.. Parameters(operation, context, isOfOrganisation, isStream)];
        operation.Responses = Responses(operation, isOfOrganisation, isStream, document);

        if (isStream)
        {
            // The errors' type is all that the controllers' base says of it.
            operation.Responses["200"].Content!.Remove("application/json");
        }

        if (Examples.AnswerOf(operation.OperationId) is { } answer)
        {
            operation.Responses["200"].Content!.Values.Single().Example = Node(answer);
        }

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

    /// <summary>The method, the controller, and the action where it says more than the method.</summary>
    private static string IdOf(ControllerActionDescriptor action, string method)
    {
        var verb = method.ToLowerInvariant();
        return action.ActionName == "Get" ? verb + action.ControllerName : verb + action.ControllerName + action.ActionName;
    }

    private static IEnumerable<IOpenApiParameter> Parameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, bool isOfOrganisation, bool isStream)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (context.Description.ParameterDescriptions.Any(input => input.Name == parameter.Name && input.Type == typeof(StringValues)))
            {
                Inputs.DescribeValues(parameter);
            }

            yield return parameter;
        }

        string[] headers = isOfOrganisation
            ? [InputNames.OrgHandle, InputNames.ProductId, isStream ? AnalyticsStreamController.LastEventId : HeaderNames.IfNoneMatch, ResponseHeaders.RequestId]
            : [ResponseHeaders.RequestId];
        foreach (var header in headers)
        {
            yield return new OpenApiParameterReference(header, context.Document);
        }
    }

    private OpenApiResponses Responses(OpenApiOperation operation, bool isOfOrganisation, bool isStream, OpenApiDocument document)
    {
        var responses = operation.Responses!;
        var isOfSpace = operation.Parameters!.Any(parameter => parameter.Name == InputNames.SpaceToken);
        var asksDatabase = isOfOrganisation || responses.ContainsKey("503");

        if (isOfOrganisation && !isStream)
        {
            responses["304"] = new OpenApiResponse { Description = "Not modified: you hold the answer already, by `If-None-Match`." };
        }

        foreach (var errors in Examples.ErrorsOf(isOfOrganisation, isOfSpace, isStream, asksDatabase).GroupBy(error => error.Body.StatusCode))
        {
            responses[Text(errors.Key)] = ErrorResponse([.. errors], document);
        }

        var inOrder = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            ((OpenApiResponse)response).Headers = Outputs.HeadersOf(int.Parse(status, CultureInfo.InvariantCulture), isOfOrganisation, isStream, document);
            inOrder.Add(status, response);
        }

        return inOrder;
    }

    private OpenApiResponse ErrorResponse(IReadOnlyList<ErrorExample> errors, OpenApiDocument document) => new()
    {
        Description = string.Join("\n", errors.Select(error => $"- {error.When}: `{error.Body.Message}`")),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            ["application/json"] = new()
            {
                Schema = new OpenApiSchemaReference(nameof(ApiError), document),
                Examples = errors.ToDictionary(error => error.Name, Example, StringComparer.Ordinal),
            },
        },
    };

    private IOpenApiExample Example(ErrorExample error) =>
        new OpenApiExample { Summary = error.When, Value = Node(error.Body with { RequestId = Outputs.ExampleRequestId }) };

    private JsonNode? Node(object answer) => JsonSerializer.SerializeToNode(answer, answer.GetType(), json.Value.SerializerOptions);

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
