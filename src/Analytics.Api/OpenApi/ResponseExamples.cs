using System.Text.Json.Nodes;
using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Application.Demo;
using Analytics.Application.Reporting.GetDefinitions;
using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.OpenApi;

internal sealed record ResponseExample(
    string Name, string Summary, string? Query, object Body, string MediaType = ResponseHeaderDocs.JsonMediaType);

/// <summary>
/// Responses of the demo at a fixed time, in <c>ResponseExamples.json</c> by operation id; a body that is not JSON is an array of
/// lines. The tests send the same requests and compare.
/// </summary>
internal static class ResponseExamples
{
    public const string NextPageLink =
        $"</api/v2/platform/organisation/analytics/tasks/?space_token={DemoData.SpaceToken}&outcome=interested&limit=2&cursor={QueryParameters.ExampleCursor}>; "
        + "rel=\"next\"";

    private static readonly JsonObject Examples = Load();

    private static readonly ApiResponse<DefinitionsResponse> Definitions =
        ApiResponse.Create(AnalyticsDefinitionsController.SuccessMessage, DefinitionsResponse.All);

    public static IEnumerable<ResponseExample> Get(string operationId) => operationId == OperationMetadata.GetDefinitions
        ? [new("Definitions", "All definitions", null, Definitions)]
        : Examples[operationId]?.AsArray().Select(example => ToExample(example!)) ?? [];

    private static JsonObject Load()
    {
        using var stream = typeof(ResponseExamples).Assembly.GetManifestResourceStream(typeof(ResponseExamples), "ResponseExamples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static ResponseExample ToExample(JsonNode example)
    {
        var mediaType = (string?)example["media_type"] ?? ResponseHeaderDocs.JsonMediaType;
        var lineEnding = mediaType == ContentNegotiation.Csv ? "\r\n" : "\n";
        object body = example["body"] is JsonArray lines ? string.Concat(lines.Select(line => line + lineEnding)) : example["body"]!;
        return new((string)example["name"]!, (string)example["summary"]!, (string?)example["query"], body, mediaType);
    }
}
