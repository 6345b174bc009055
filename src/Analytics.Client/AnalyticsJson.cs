using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>The API's JSON. A null or absent value that the contract promises is an error, never a zero.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Envelope<AnalyticsData>))]
[JsonSerializable(typeof(Envelope<TaskPage>))]
[JsonSerializable(typeof(Envelope<DefinitionList>))]
[JsonSerializable(typeof(Envelope<OrganisationPage>))]
[JsonSerializable(typeof(Envelope<SpacePage>))]
[JsonSerializable(typeof(Envelope<PushResult>))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(PushedTask))]
internal sealed partial class AnalyticsJson : JsonSerializerContext;

/// <summary>What surrounds the data of every successful response, less what the status line says too.</summary>
internal sealed record Envelope<T>
{
    public required T Data { get; init; }
}

internal static class EnvelopeExtensions
{
    // The annotations of a generic property do not reject its null.
    public static T GetData<T>(this Envelope<T>? envelope)
        where T : class => envelope?.Data ?? throw new JsonException("The response has no data.");
}

/// <summary>The body of every error. All is optional, because a proxy may have written it.</summary>
internal sealed record ErrorResponse
{
    public int? StatusCode { get; init; }

    public string? Message { get; init; }

    public ErrorCode? Code { get; init; }

    public Dictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    public string? RequestId { get; init; }
}
