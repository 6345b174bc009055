using System.Text.Json.Nodes;
using Analytics.Api.Hosting;
using Analytics.Api.RequestBodies;
using Analytics.Application.Demo;
using Analytics.Application.Requests;
using Analytics.Domain.Organisations;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>The headers, which are read from the request itself, so that the generator sees none.</summary>
internal static class HeaderParameters
{
    /// <summary>
    /// The request headers, by the name under which operations refer to them. An example makes the page send the header,
    /// so that those of the documented request have one, and the others a "such as".
    /// </summary>
    public static Dictionary<string, IOpenApiParameter> Headers => new(StringComparer.Ordinal)
    {
        [ParameterNames.OrgHandle] = CreateHeader(
            ParameterNames.OrgHandle,
            "Organization domain handle; letter case does not matter. Given twice: 400.",
            CreateStringSchema("A-Za-z0-9._-", Handle.MaxLength),
            DemoData.Handle,
            required: true),
        [ParameterNames.ProductId] = CreateHeader(
            ParameterNames.ProductId,
            "Product identifier, compared exactly; its numbers are the answer. Blank is the default. A product that nobody has gives zeros. Given twice: 400.",
            CreateStringSchema("A-Za-z0-9._-", Product.MaxLength, Product.Default),
            Product.Default),
        [HeaderNames.ContentEncoding] = CreateHeader(
            HeaderNames.ContentEncoding,
            "How the body is compressed: `gzip`, or absent where it is not.",
            new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(PushBodyReader.Gzip)] }),
        [HeaderNames.IfNoneMatch] = CreateHeader(
            HeaderNames.IfNoneMatch,
            $"The `ETag` of each answer that you still hold, such as `{ResponseHeaderDocs.ExampleETag}`, separated by commas. If the answer would be one of them, it is 304 without a body. `W/` is read, `*` is ignored.",
            new OpenApiSchema { Type = JsonSchemaType.String }),
        [ParameterNames.LastEventId] = CreateHeader(
            ParameterNames.LastEventId,
            $"The `id` of the last event that you hold, such as `{ResponseHeaderDocs.ExampleETag}`. If that answer is the current one, the first event is the next change.",
            new OpenApiSchema { Type = JsonSchemaType.String }),
        [ResponseHeaders.RequestId] = CreateHeader(
            ResponseHeaders.RequestId,
            $"Your name for the request, such as `{ResponseHeaderDocs.ExampleRequestId}`: it comes back in the response and stands in the log. One that does not fit is replaced.",
            CreateStringSchema("A-Za-z0-9._-", ResponseHeaders.MaxRequestIdLength)),
    };

    /// <summary>Text of some characters.</summary>
    public static OpenApiSchema CreateStringSchema(string characters, int maxLength, string? defaultValue = null) => new()
    {
        Type = JsonSchemaType.String,
        Pattern = $"^[{characters}]+$",
        MaxLength = maxLength,
        Default = defaultValue is null ? null : JsonValue.Create(defaultValue),
    };

    private static OpenApiParameter CreateHeader(string name, string description, OpenApiSchema schema, string? example = null, bool required = false) =>
        new() { Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = schema, Example = example };
}
