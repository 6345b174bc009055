using Analytics.Application.Rollups;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

internal static class ComparisonWindows
{
    /// <summary>Both windows; if the requested one is not over, both end at now and at the moment that corresponds to it.</summary>
    public static Comparison Create(
        ComparisonKind kind, RequestedRange range, Timestamp from, Timestamp to, DateTimeZone zone, QuarterHour now)
    {
        var earlierDays = GetEarlierDays(kind, range);
        var earlier = earlierDays is null ? GetEarlierInstants(kind, range.Window, zone) : zone.RangeOf(earlierDays);
        if (!range.Window.Contains(now.Start) || to <= now.End)
        {
            return new(earlier, range.Window, earlier);
        }

        var cut = GetCorrespondingTime(kind, range, earlierDays, zone, now);
        return new(earlier with { To = Clamp(cut, earlier.From!.Value, earlier.To!.Value) }, new(from, now.End), earlier);
    }

    // Null if the window was requested by instants. Whole months stay whole, whatever their lengths.
    private static DateInterval? GetEarlierDays(ComparisonKind kind, RequestedRange range) => (kind, range.Days) switch
    {
        (_, null) => null,
        (ComparisonKind.PreviousYear, { } days) => range.DaysFrom(days.Start.PlusYears(-1)),
        (ComparisonKind.PreviousPeriod, _) => range.Shift(-1),
    };

    // The same length, because the end's own local time a year earlier may be before the start's, such as on 29 February.
    private static TimeRange GetEarlierInstants(ComparisonKind kind, TimeRange window, DateTimeZone zone)
    {
        var (from, length) = (window.From!.Value, GetLength(window));
        var start = kind switch
        {
            ComparisonKind.PreviousYear => zone.YearBefore(from),
            ComparisonKind.PreviousPeriod => new Timestamp(from.UnixMilliseconds - length),
        };
        return new(start, new Timestamp(start.UnixMilliseconds + length));
    }

    // The end of the quarter hour that corresponds to now: by the local clock, but for instants as many hours after the start.
    private static Timestamp GetCorrespondingTime(
        ComparisonKind kind, RequestedRange range, DateInterval? earlierDays, DateTimeZone zone, QuarterHour now)
    {
        var start = (kind, range.Days) switch
        {
            (ComparisonKind.PreviousYear, _) => zone.YearBefore(now.Start),
            (ComparisonKind.PreviousPeriod, { } days) =>
                zone.FromLocal(zone.At(now.Start).PlusDays(-Period.DaysBetween(earlierDays!.Start, days.Start))),
            (ComparisonKind.PreviousPeriod, null) => new Timestamp(now.Start.UnixMilliseconds - GetLength(range.Window)),
        };
        return new QuarterHour(start).End;
    }

    private static long GetLength(TimeRange window) => window.To!.Value.UnixMilliseconds - window.From!.Value.UnixMilliseconds;

    private static Timestamp Clamp(Timestamp time, Timestamp min, Timestamp max) => time < min ? min : time > max ? max : time;
}
