using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>The length of the buckets of a series.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<Interval>))]
public readonly record struct Interval(string Value) : IApiValue<Interval>
{
    /// <summary>Local hours, of at most 35 days.</summary>
    public static Interval Hour { get; } = new("hour");

    /// <summary>Local days, at most 366.</summary>
    public static Interval Day { get; } = new("day");

    /// <summary>Local weeks from Monday, of at most 10 years.</summary>
    public static Interval Week { get; } = new("week");

    /// <summary>Local months, of at most 10 years.</summary>
    public static Interval Month { get; } = new("month");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static Interval IApiValue<Interval>.Create(string value) => new(value);
}
