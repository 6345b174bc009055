using System.Globalization;
using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>
/// A bound of a range: a local day or an instant. Converts implicitly from <see cref="DateOnly"/> and <see cref="DateTimeOffset"/>.
/// </summary>
/// <param name="Value">The text in the API, such as <c>2026-11-01</c> or <c>2026-11-01T09:00:00+05:30</c>.</param>
[JsonConverter(typeof(ApiValueConverter<DayOrInstant>))]
public readonly record struct DayOrInstant(string Value) : IApiValue<DayOrInstant>
{
    /// <summary>A day in the query's time zone.</summary>
    public static DayOrInstant FromDateOnly(DateOnly day) => new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>An instant, which must be a multiple of 15 minutes.</summary>
    public static DayOrInstant FromDateTimeOffset(DateTimeOffset instant) =>
        new(instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));

    /// <summary>A day in the query's time zone.</summary>
    public static implicit operator DayOrInstant(DateOnly day) => FromDateOnly(day);

    /// <summary>An instant, which must be a multiple of 15 minutes.</summary>
    public static implicit operator DayOrInstant(DateTimeOffset instant) => FromDateTimeOffset(instant);

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static DayOrInstant IApiValue<DayOrInstant>.Create(string value) => new(value);
}
