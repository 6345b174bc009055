using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>The earlier window to compare with.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<ComparisonKind>))]
public readonly record struct ComparisonKind(string Value) : IApiValue<ComparisonKind>
{
    /// <summary>As many days, calendar months or hours directly before.</summary>
    public static ComparisonKind PreviousPeriod { get; } = new("previous_period");

    /// <summary>The same dates a year earlier.</summary>
    public static ComparisonKind PreviousYear { get; } = new("previous_year");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static ComparisonKind IApiValue<ComparisonKind>.Create(string value) => new(value);
}
