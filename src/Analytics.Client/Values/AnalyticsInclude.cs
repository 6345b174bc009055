using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>Optional sections of a report.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<AnalyticsInclude>))]
public readonly record struct AnalyticsInclude(string Value) : IApiValue<AnalyticsInclude>
{
    /// <summary>The calls and tasks that the counts do not include.</summary>
    public static AnalyticsInclude Reconciliation { get; } = new("reconciliation");

    /// <summary>The sums and counts behind the averages.</summary>
    public static AnalyticsInclude Components { get; } = new("components");

    /// <summary>How the query was understood, and how recent the data is.</summary>
    public static AnalyticsInclude Meta { get; } = new("meta");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static AnalyticsInclude IApiValue<AnalyticsInclude>.Create(string value) => new(value);
}
