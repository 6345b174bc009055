using System.Text.Json.Nodes;
using Analytics.Api.Hosting;
using Analytics.Api.RequestBodies;
using Analytics.Application.Demo;
using Analytics.Application.Reporting.Parsing;
using Analytics.Domain.Organisations;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>Actions bind neither headers nor single query parameters, so that the generator does not document them.</summary>
internal static class ParameterDocs
{
    private const string IdCharacters = "A-Za-z0-9._-";

    // One string: generators make an own class of a choice of two.
    private const string DayOrInstantPattern =
        @"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2}))?$";

    private static readonly RequestParameter[] Headers =
    [
        new(ParameterNames.OrgHandle, "Organization domain handle; letter case does not matter. Given twice: 400.")
        { Characters = IdCharacters, MaxLength = Handle.MaxLength, Example = DemoData.Handle, IsExampleSent = true, IsRequired = true },
        new(
            ParameterNames.ProductId,
            "Product identifier, case-sensitive; only its tasks are counted. Blank: the default. For an unknown product all counts are 0. Given twice: 400.")
        { Characters = IdCharacters, MaxLength = Product.MaxLength, Default = Product.Default, Example = Product.Default,
            IsExampleSent = true },
        new(HeaderNames.ContentEncoding, "The compression of the body: `gzip`, or absent if uncompressed.")
        { EnumName = "ContentCoding", Values = [PushBodyReader.Gzip], Example = PushBodyReader.Gzip },
        new(
            HeaderNames.IfNoneMatch,
            "The `ETag` of each cached response, separated by commas. "
            + "If the response matches one of them, the status is 304 without a body. `W/` is accepted, `*` is ignored.")
        { Example = ResponseHeaderDocs.ExampleETag },
        new(
            ParameterNames.LastEventId,
            "The `id` of the last received event. If it is still current, the first event is sent at the next change.")
        { Example = ResponseHeaderDocs.ExampleETag },
        new(
            ResponseHeaders.RequestId,
            "Your id for the request, which is returned in the response and logged. An invalid id is replaced.")
        { Example = ResponseHeaderDocs.ExampleRequestId, Characters = IdCharacters, MaxLength = ResponseHeaders.MaxRequestIdLength },
    ];

    private static IEnumerable<RequestParameter> All => QueryParameters.All.Concat(Headers);

    public static Dictionary<string, IOpenApiParameter> Create(OpenApiDocument document) =>
        QueryParameters.All.Select(parameter => Create(parameter, ParameterLocation.Query, document))
            .Concat(Headers.Select(parameter => Create(parameter, ParameterLocation.Header, document)))
            .ToDictionary(StringComparer.Ordinal);

    // Named, so that generated clients have one type for all parameters and properties with the same values.
    public static Dictionary<string, IOpenApiSchema> CreateEnums() => All
        .Where(parameter => parameter.EnumName is not null)
        .DistinctBy(parameter => parameter.EnumName)
        .ToDictionary(parameter => parameter.EnumName!, CreateEnum, StringComparer.Ordinal);

    private static IOpenApiSchema CreateEnum(RequestParameter parameter) => new OpenApiSchema
    {
        Type = JsonSchemaType.String,
        Description = $"The values of `{parameter.Name}`.",
        Enum = [.. parameter.Values.Select(value => JsonValue.Create(value))],
    };

    private static KeyValuePair<string, IOpenApiParameter> Create(
        RequestParameter parameter, ParameterLocation location, OpenApiDocument document) =>
        new(parameter.Key, new OpenApiParameter
        {
            Name = parameter.Name,
            In = location,
            Required = parameter.IsRequired,
            Description = parameter.Description,
            Examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal) { ["Example"] = CreateExample(parameter) },
            Style = location == ParameterLocation.Query ? ParameterStyle.Form : ParameterStyle.Simple,
            Explode = location == ParameterLocation.Query,
            Schema = CreateSchema(parameter, document),
        });

    private static OpenApiExample CreateExample(RequestParameter parameter) => new()
    {
        Value = parameter.Kind switch
        {
            ParameterKind.Number => int.Parse(parameter.Example, CultureInfo.InvariantCulture),
            ParameterKind.CommaSeparatedList or ParameterKind.RepeatedText =>
                new JsonArray([.. parameter.Example.Split(',').Select(value => JsonValue.Create(value))]),
            _ => parameter.Example,
        },

        // Scalar sends every other example.
        Extensions = parameter.IsExampleSent
            ? null
            : new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal) { ["x-disabled"] = new JsonNodeExtension(true) },
    };

    private static IOpenApiSchema CreateSchema(RequestParameter parameter, OpenApiDocument document) => parameter.Kind switch
    {
        ParameterKind.Text when parameter.EnumName is { } enumName => new OpenApiSchemaReference(enumName, document),
        ParameterKind.Text => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = parameter.Characters is { } characters ? $"^[{characters}]+$" : null,
            MaxLength = parameter.MaxLength,
            Default = parameter.Default,
        },
        ParameterKind.Number => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{parameter.Maximum}" },
        ParameterKind.CommaSeparatedList or ParameterKind.RepeatedText => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = CreateSchema(parameter with { Kind = ParameterKind.Text }, document),
            MaxItems = parameter.MaxItems,
            UniqueItems = parameter.MaxItems is null ? null : true,
        },
        ParameterKind.DayOrInstant => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = DayOrInstantPattern },
    };
}
