namespace Analytics.Application.Reporting.Parsing;

/// <summary>The allowed values and limits of query parameters, for parsing, error messages and the OpenAPI document.</summary>
public static class ParameterValues
{
    public const int MaxLimit = 1000;
    public const int DefaultLimit = 100;
    public const int MaxDimensions = 2;
    public const int MaxIdLength = 128;
    public const int MaxStringLength = 100;

    public static IReadOnlyList<string> DateRanges { get; } =
        ["today", "yesterday", "24h", "7d", "28d", "30d", "91d", "month", "6mo", "12mo", "year", "all"];

    public static IReadOnlyList<(string Name, Interval Value)> Intervals { get; } =
        [("hour", Interval.Hour), ("day", Interval.Day), ("week", Interval.Week), ("month", Interval.Month)];

    public static IReadOnlyList<(string Name, Dimension Value)> Dimensions { get; } =
        [("space", Dimension.Space), ("agent", Dimension.Agent), ("direction", Dimension.Direction)];

    public static IReadOnlyList<(string Name, IncludeOptions Value)> AnalyticsSections { get; } =
    [
        ("reconciliation", IncludeOptions.Reconciliation),
        ("components", IncludeOptions.Components),
        ("meta", IncludeOptions.Meta),
    ];

    public static IReadOnlyList<(string Name, IncludeOptions Value)> TaskListSections { get; } = [("total", IncludeOptions.Total)];

    public static IReadOnlyList<(string Name, bool OmitEmptyBuckets)> FillModes { get; } = [("zero", false), ("none", true)];

    public static IReadOnlyList<(string Name, ResponseFormat Value)> Formats { get; } =
        [.. Enum.GetValues<ResponseFormat>().Select(format => (ResponseFormats.Name(format), format))];

    public static IReadOnlyList<(string Name, ComparisonKind Value)> Comparisons { get; } =
        [("previous_period", ComparisonKind.PreviousPeriod), ("previous_year", ComparisonKind.PreviousYear)];
}
