using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

public enum ComparisonKind
{
    // The same length of time directly before the window.
    PreviousPeriod,

    // The same dates one year earlier.
    PreviousYear,
}

internal static class ComparisonWindows
{
    /// <summary>Both windows; if the requested one is not over, both end at the same elapsed time.</summary>
    public static Comparison Create(
        ComparisonKind kind, RequestedRange range, Timestamp from, Timestamp to, DateTimeZone zone, QuarterHour now)
    {
        var (earlierFrom, earlierTo) = GetFullWindow(kind, range, from, to, zone);
        if (!range.Window.Contains(now.Start))
        {
            return new(new(earlierFrom, earlierTo), range.Window);
        }

        var sameElapsed = new Timestamp(earlierFrom.UnixMilliseconds + now.End.UnixMilliseconds - from.UnixMilliseconds);
        return new(new(earlierFrom, sameElapsed < earlierTo ? sameElapsed : earlierTo), new(from, now.End));
    }

    private static (Timestamp From, Timestamp To) GetFullWindow(
        ComparisonKind kind, RequestedRange range, Timestamp from, Timestamp to, DateTimeZone zone) => (kind, range) switch
    {
        (ComparisonKind.PreviousPeriod, { Days: { } days, Months: { } months }) => (zone.StartOf(days.Start.PlusMonths(-months)), from),
        (ComparisonKind.PreviousPeriod, { Days: { } days }) => (zone.StartOf(days.Start.PlusDays(-days.Length)), from),
        (ComparisonKind.PreviousPeriod, _) => (new(from.UnixMilliseconds - (to.UnixMilliseconds - from.UnixMilliseconds)), from),
        (ComparisonKind.PreviousYear, { Days: { } days }) =>
            (zone.StartOf(days.Start.PlusYears(-1)), zone.StartOf(days.End.PlusYears(-1).PlusDays(1))),
        (ComparisonKind.PreviousYear, _) => EnsureOrdered(zone.YearBefore(from), zone.YearBefore(to)),
    };

    // If the clocks skipped or repeated the boundaries' local times a year earlier, they can change order: the window is then empty.
    private static (Timestamp From, Timestamp To) EnsureOrdered(Timestamp from, Timestamp to) => (from, to < from ? from : to);
}
