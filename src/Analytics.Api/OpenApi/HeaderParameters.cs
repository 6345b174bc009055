using System.Text.Json.Nodes;
using Analytics.Api.Hosting;
using Analytics.Api.RequestBodies;
using Analytics.Application.Demo;
using Analytics.Application.Requests;
using Analytics.Domain.Organisations;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>Actions do not bind headers, so that the generator does not document them.</summary>
internal static class HeaderParameters
{
    // Scalar sends every header that has an example. The others mention one in their description.
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
            "Product identifier, case-sensitive; only its tasks are counted. Blank: the default. For an unknown product all counts are 0. Given twice: 400.",
            CreateStringSchema("A-Za-z0-9._-", Product.MaxLength, Product.Default),
            Product.Default),
        [HeaderNames.ContentEncoding] = CreateHeader(
            HeaderNames.ContentEncoding,
            "The compression of the body: `gzip`, or absent if uncompressed.",
            new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(PushBodyReader.Gzip)] }),
        [HeaderNames.IfNoneMatch] = CreateHeader(
            HeaderNames.IfNoneMatch,
            $"The `ETag` of each cached response, such as `{ResponseHeaderDocs.ExampleETag}`, separated by commas. "
            + "If the response matches one of them, the status is 304 without a body. `W/` is accepted, `*` is ignored.",
            new OpenApiSchema { Type = JsonSchemaType.String }),
        [ParameterNames.LastEventId] = CreateHeader(
            ParameterNames.LastEventId,
            $"The `id` of the last received event, such as `{ResponseHeaderDocs.ExampleETag}`. "
            + "If it is still current, the first event is sent at the next change.",
            new OpenApiSchema { Type = JsonSchemaType.String }),
        [ResponseHeaders.RequestId] = CreateHeader(
            ResponseHeaders.RequestId,
            $"Your id for the request, such as `{ResponseHeaderDocs.ExampleRequestId}`, which is returned in the response and logged. "
            + "An invalid id is replaced.",
            CreateStringSchema("A-Za-z0-9._-", ResponseHeaders.MaxRequestIdLength)),
    };

    public static OpenApiSchema CreateStringSchema(string characters, int maxLength, string? defaultValue = null) => new()
    {
        Type = JsonSchemaType.String,
        Pattern = $"^[{characters}]+$",
        MaxLength = maxLength,
        Default = defaultValue is null ? null : JsonValue.Create(defaultValue),
    };

    private static OpenApiParameter CreateHeader(
        string name, string description, OpenApiSchema schema, string? example = null, bool required = false) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = required,
        Description = description,
        Schema = schema,
        Example = example,
    };
}
