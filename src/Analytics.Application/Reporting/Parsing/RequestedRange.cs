using Analytics.Application.Rollups;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The window, and how it was requested: as local days, as calendar months, or as instants.</summary>
/// <param name="Window">The window.</param>
/// <param name="Days">The local days, both included; null if requested by instants or without a lower bound.</param>
/// <param name="Months">The number of calendar months, if requested by months or a year.</param>
internal sealed record RequestedRange(TimeRange Window, DateInterval? Days = null, int? Months = null)
{
    public static RequestedRange All { get; } = new(TimeRange.All);
}
