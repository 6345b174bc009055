using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>A named range. Days, weeks (from Monday) and months are those of the query's time zone.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<DateRange>))]
public readonly record struct DateRange(string Value) : IApiValue<DateRange>
{
    /// <summary>The current day.</summary>
    public static DateRange Today { get; } = new("today");

    /// <summary>The day before.</summary>
    public static DateRange Yesterday { get; } = new("yesterday");

    /// <summary>The 24 hours up to the end of the current quarter hour.</summary>
    public static DateRange Last24Hours { get; } = new("24h");

    /// <summary>The seven whole days before today.</summary>
    public static DateRange Last7Days { get; } = new("7d");

    /// <summary>The 28 whole days before today.</summary>
    public static DateRange Last28Days { get; } = new("28d");

    /// <summary>The 30 whole days before today.</summary>
    public static DateRange Last30Days { get; } = new("30d");

    /// <summary>The 91 whole days before today.</summary>
    public static DateRange Last91Days { get; } = new("91d");

    /// <summary>The current week, whole.</summary>
    public static DateRange ThisWeek { get; } = new("week");

    /// <summary>The current month, whole.</summary>
    public static DateRange ThisMonth { get; } = new("month");

    /// <summary>The current year, whole.</summary>
    public static DateRange ThisYear { get; } = new("year");

    /// <summary>The six whole months before this one.</summary>
    public static DateRange Last6Months { get; } = new("6mo");

    /// <summary>The twelve whole months before this one.</summary>
    public static DateRange Last12Months { get; } = new("12mo");

    /// <summary>No bounds; the default.</summary>
    public static DateRange All { get; } = new("all");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static DateRange IApiValue<DateRange>.Create(string value) => new(value);
}
