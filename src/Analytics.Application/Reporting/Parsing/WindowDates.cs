namespace Analytics.Application.Reporting.Parsing;

/// <summary>The parameters that request a window: local days, the last one included, or instants.</summary>
public sealed record WindowDates
{
    /// <summary>The value of the parameter <c>start_date</c>.</summary>
    public required string StartDate { get; init; }

    /// <summary>The value of the parameter <c>end_date</c>.</summary>
    public required string EndDate { get; init; }
}
