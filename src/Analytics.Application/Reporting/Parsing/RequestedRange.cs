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

    public static OrderedDictionary<string, Func<QuarterHour, DateTimeZone, RequestedRange>> Named { get; } = new(StringComparer.Ordinal)
    {
        ["today"] = (now, zone) => OfDays(now, zone, 0, 0),
        ["yesterday"] = (now, zone) => OfDays(now, zone, -1, -1),
        ["24h"] = (now, _) => new(new TimeRange(now.End - TimeSpan.FromHours(24), now.End)),
        ["7d"] = (now, zone) => OfDays(now, zone, -7, -1),
        ["28d"] = (now, zone) => OfDays(now, zone, -28, -1),
        ["30d"] = (now, zone) => OfDays(now, zone, -30, -1),
        ["91d"] = (now, zone) => OfDays(now, zone, -91, -1),
        ["week"] = (now, zone) => OfDays(
            now, zone, 1 - (int)now.DayIn(zone).DayOfWeek, (int)IsoDayOfWeek.Sunday - (int)now.DayIn(zone).DayOfWeek),
        ["month"] = (now, zone) => OfMonths(now, zone, 0, 1),
        ["6mo"] = (now, zone) => OfMonths(now, zone, -6, 6),
        ["12mo"] = (now, zone) => OfMonths(now, zone, -12, 12),
        ["year"] = (now, zone) => OfMonths(now, zone, 1 - now.DayIn(zone).Month, 12),
        ["all"] = (_, _) => All,
    };

    /// <summary>Local days of the same kind: as many whole months or as many days.</summary>
    public DateInterval DaysFrom(LocalDate start) =>
        new(start, (Months is { } months ? start.PlusMonths(months) : start.PlusDays(Days!.Length)).PlusDays(-1));

    /// <summary>The local days of the same kind that many windows later.</summary>
    public DateInterval Shift(int windows) =>
        DaysFrom(Months is { } months ? Days!.Start.PlusMonths(windows * months) : Days!.Start.PlusDays(windows * Days.Length));

    // Both relative to today.
    private static RequestedRange OfDays(QuarterHour now, DateTimeZone zone, int first, int last)
    {
        var days = new DateInterval(now.DayIn(zone).PlusDays(first), now.DayIn(zone).PlusDays(last));
        return new(zone.RangeOf(days), days);
    }

    // The first month is relative to the current one.
    private static RequestedRange OfMonths(QuarterHour now, DateTimeZone zone, int first, int count)
    {
        var start = now.DayIn(zone).With(DateAdjusters.StartOfMonth).PlusMonths(first);
        var days = new DateInterval(start, start.PlusMonths(count).PlusDays(-1));
        return new(zone.RangeOf(days), days, count);
    }
}
