using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>What a series does with buckets without tasks.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<FillMode>))]
public readonly record struct FillMode(string Value) : IApiValue<FillMode>
{
    /// <summary>They are included as zeros; the default.</summary>
    public static FillMode Zero { get; } = new("zero");

    /// <summary>They are omitted.</summary>
    public static FillMode None { get; } = new("none");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static FillMode IApiValue<FillMode>.Create(string value) => new(value);
}
