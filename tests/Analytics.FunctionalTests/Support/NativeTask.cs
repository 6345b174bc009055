using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.FunctionalTests.Support;

/// <summary>One task of the native format: by default a completed call in Acme's contact space.</summary>
internal sealed record NativeTask(string TaskId)
{
    private static readonly JsonSerializerOptions SerializerOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string SpaceToken { get; init; } = Acme.SalesToken;

    public string Status { get; init; } = "completed";

    public string? ExecutionType { get; init; }

    public string? ProductId { get; init; }

    public string? Outcome { get; init; }

    public decimal? SuccessScore { get; init; }

    public decimal? DurationSeconds { get; init; }

    public string? RunId { get; init; }

    public string? Agent { get; init; }

    public string? Direction { get; init; }

    public string? CreatedAt { get; init; }

    public string? UpdatedAt { get; init; }

    public bool? Deleted { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this, SerializerOptions);
}
