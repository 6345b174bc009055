using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>Where a bucket is, seen from the start of the current quarter hour.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<BucketState>))]
public readonly record struct BucketState(string Value) : IApiValue<BucketState>
{
    /// <summary>It is over.</summary>
    public static BucketState Past { get; } = new("past");

    /// <summary>It contains now.</summary>
    public static BucketState Current { get; } = new("current");

    /// <summary>It begins later.</summary>
    public static BucketState Future { get; } = new("future");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static BucketState IApiValue<BucketState>.Create(string value) => new(value);
}
