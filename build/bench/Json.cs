using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Bench;

/// <summary>How the service spells what it answers and takes.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
