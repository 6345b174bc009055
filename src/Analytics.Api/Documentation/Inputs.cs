using System.Text.Json.Nodes;
using Analytics.Api.Bodies;
using Analytics.Api.Controllers;
using Analytics.Api.Startup;
using Analytics.Application.Demo;
using Analytics.Application.Pipeline;
using Analytics.Domain.Organisations;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>The headers, which are read from the request itself, so that the generator sees none.</summary>
internal static class Inputs
{
    /// <summary>
    /// The request headers, by the name under which operations refer to them. An example makes the page send the header,
    /// so that those of the documented request have one, and the others a "such as".
    /// </summary>
    public static Dictionary<string, IOpenApiParameter> Headers => new(StringComparer.Ordinal)
    {
        [InputNames.OrgHandle] = Header(
            InputNames.OrgHandle,
            "Organization domain handle; letter case does not matter. Given twice: 400.",
            OfAlphabet("A-Za-z0-9._-", Handle.MaxLength),
            DemoData.Handle,
            required: true),
        [InputNames.ProductId] = Header(
            InputNames.ProductId,
            "Product identifier, compared exactly; its numbers are the answer. Blank is the default. A product that nobody has gives zeros. Given twice: 400.",
            OfAlphabet("A-Za-z0-9._-", Product.MaxLength, Product.Default),
            Product.Default),
        [HeaderNames.ContentEncoding] = Header(
            HeaderNames.ContentEncoding,
            "How the body is compressed: `gzip`, or absent where it is not.",
            new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(TasksBody.Gzip)] }),
        [HeaderNames.IfNoneMatch] = Header(
            HeaderNames.IfNoneMatch,
            $"The `ETag` of each answer that you still hold, such as `{Outputs.ExampleTag}`, separated by commas. If the answer would be one of them, it is 304 without a body. `W/` is read, `*` is ignored.",
            new OpenApiSchema { Type = JsonSchemaType.String }),
        [AnalyticsStreamController.LastEventId] = Header(
            AnalyticsStreamController.LastEventId,
            $"The `id` of the last event that you hold, such as `{Outputs.ExampleTag}`. If that answer is the current one, the first event is the next change.",
            new OpenApiSchema { Type = JsonSchemaType.String }),
        [ResponseHeaders.RequestId] = Header(
            ResponseHeaders.RequestId,
            $"Your name for the request, such as `{Outputs.ExampleRequestId}`: it comes back in the response and stands in the log. One that does not fit is replaced.",
            OfAlphabet("A-Za-z0-9._-", ResponseHeaders.MaxRequestId)),
    };

    /// <summary>Text of some characters.</summary>
    public static OpenApiSchema OfAlphabet(string alphabet, int maxLength, string? standard = null) => new()
    {
        Type = JsonSchemaType.String,
        Pattern = $"^[{alphabet}]+$",
        MaxLength = maxLength,
        Default = standard is null ? null : JsonValue.Create(standard),
    };

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema, string? example = null, bool required = false) =>
        new() { Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = schema, Example = example };
}
