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

    private static readonly RequestParameter[] Headers =
    [
        new(ParameterNames.OrgHandle, "Organization domain handle; letter case does not matter. Given twice: 400.")
        { Characters = IdCharacters, MaxLength = Handle.MaxLength, Example = DemoData.Handle, IsRequired = true },
        new(
            ParameterNames.ProductId,
            "Product identifier, case-sensitive; only its tasks are counted. Blank: the default. For an unknown product all counts are 0. Given twice: 400.")
        { Characters = IdCharacters, MaxLength = Product.MaxLength, Default = Product.Default, Example = Product.Default },
        new(HeaderNames.ContentEncoding, "The compression of the body: `gzip`, or absent if uncompressed.")
        { Values = [PushBodyReader.Gzip] },
        new(
            HeaderNames.IfNoneMatch,
            $"The `ETag` of each cached response, such as `{ResponseHeaderDocs.ExampleETag}`, separated by commas. "
            + "If the response matches one of them, the status is 304 without a body. `W/` is accepted, `*` is ignored."),
        new(
            ParameterNames.LastEventId,
            $"The `id` of the last received event, such as `{ResponseHeaderDocs.ExampleETag}`. "
            + "If it is still current, the first event is sent at the next change."),
        new(
            ResponseHeaders.RequestId,
            $"Your id for the request, such as `{ResponseHeaderDocs.ExampleRequestId}`, which is returned in the response and logged. "
            + "An invalid id is replaced.")
        { Characters = IdCharacters, MaxLength = ResponseHeaders.MaxRequestIdLength },
    ];

    public static Dictionary<string, IOpenApiParameter> All =>
        QueryParameters.All.Select(parameter => Create(parameter, ParameterLocation.Query))
            .Concat(Headers.Select(parameter => Create(parameter, ParameterLocation.Header)))
            .ToDictionary(StringComparer.Ordinal);

    private static KeyValuePair<string, IOpenApiParameter> Create(RequestParameter parameter, ParameterLocation location) =>
        new(parameter.Key, new OpenApiParameter
        {
            Name = parameter.Name,
            In = location,
            Required = parameter.IsRequired,
            Description = parameter.Description,
            Example = parameter.Example,
            Style = location == ParameterLocation.Query ? ParameterStyle.Form : ParameterStyle.Simple,
            Explode = location == ParameterLocation.Query && parameter.Kind != ParameterKind.CommaSeparatedList,
            Schema = CreateSchema(parameter),
        });

    private static OpenApiSchema CreateSchema(RequestParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Text => new()
        {
            Type = JsonSchemaType.String,
            Pattern = parameter.Characters is { } characters ? $"^[{characters}]+$" : null,
            MaxLength = parameter.MaxLength,
            Default = parameter.Default,
            Enum = parameter.Values.Count > 0 ? [.. parameter.Values.Select(value => JsonValue.Create(value))] : null,
        },
        ParameterKind.Number => new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{parameter.Maximum}" },
        ParameterKind.CommaSeparatedList or ParameterKind.RepeatedText => new()
        {
            Type = JsonSchemaType.Array,
            Items = CreateSchema(parameter with { Kind = ParameterKind.Text }),
            MaxItems = parameter.MaxItems,
            UniqueItems = parameter.MaxItems is null ? null : true,
        },
        ParameterKind.DayOrInstant => new()
        {
            AnyOf =
            [
                CreateDateSchema("A local day", "date", "Such as `2026-11-01`."),
                CreateDateSchema("An instant", "date-time", "Such as `2026-11-01T00:00:00+05:30`, on a 15-minute mark."),
            ],
        },
    };

    private static OpenApiSchema CreateDateSchema(string title, string format, string description) =>
        new() { Title = title, Type = JsonSchemaType.String, Format = format, Description = description };
}
