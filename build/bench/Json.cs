using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Bench;

/// <summary>The naming rules of the service's requests and responses.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
