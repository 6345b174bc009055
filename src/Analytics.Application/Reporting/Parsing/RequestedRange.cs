using Analytics.Application.Rollups;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The time that is asked about, and as what it was asked for: an earlier window is made of that.</summary>
/// <param name="Window">The time, decided.</param>
/// <param name="Days">The local days, the last one included; absent where instants were asked for, or no lower bound.</param>
/// <param name="Months">How many calendar months the days are (a year is 12), where months or years were asked for.</param>
internal sealed record RequestedRange(TimeRange Window, DateInterval? Days = null, int? Months = null)
{
    public static RequestedRange All { get; } = new(TimeRange.All);
}
