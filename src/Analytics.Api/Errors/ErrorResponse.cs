using System.Text.Json.Serialization;

namespace Analytics.Api.Errors;

/// <summary>The one body of every error.</summary>
public sealed record ErrorResponse
{
    /// <summary>Equals the HTTP status.</summary>
    public required int StatusCode { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>The reason, for machines.</summary>
    public required ErrorCode Code { get; init; }

    /// <summary>On 400 and 401: each input as the caller spells it, with the rules that it breaks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The request's id, as in <c>X-Request-Id</c> and in the log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }
}
