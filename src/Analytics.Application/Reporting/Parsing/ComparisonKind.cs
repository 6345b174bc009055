using NodaTime;
using Analytics.Domain;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>With what a window is compared.</summary>
internal enum ComparisonKind
{
    /// <summary>As much time directly before.</summary>
    PreviousPeriod,

    /// <summary>The same dates a year earlier.</summary>
    PreviousYear,
}

/// <summary>The windows of a comparison.</summary>
internal static class ComparisonWindows
{
    /// <summary>Both windows, cut at the same elapsed time where the asked one is not over.</summary>
    public static Comparison Create(ComparisonKind kind, RequestedRange range, Timestamp from, Timestamp to, DateTimeZone zone, QuarterHour now)
    {
        var (earlierFrom, earlierTo) = GetFullWindow(kind, range, from, to, zone);
        if (!range.Window.Contains(now.Start))
        {
            return new(new(earlierFrom, earlierTo), range.Window);
        }

        var sameElapsed = new Timestamp(earlierFrom.UnixMilliseconds + now.End.UnixMilliseconds - from.UnixMilliseconds);
        return new(new(earlierFrom, sameElapsed < earlierTo ? sameElapsed : earlierTo), new(from, now.End));
    }

    private static (Timestamp From, Timestamp To) GetFullWindow(ComparisonKind kind, RequestedRange range, Timestamp from, Timestamp to, DateTimeZone zone) => (kind, range) switch
    {
        (ComparisonKind.PreviousPeriod, { Days: { } days, Months: { } months }) => (zone.StartOf(days.Start.PlusMonths(-months)), from),
        (ComparisonKind.PreviousPeriod, { Days: { } days }) => (zone.StartOf(days.Start.PlusDays(-days.Length)), from),
        (ComparisonKind.PreviousPeriod, _) => (new(from.UnixMilliseconds - (to.UnixMilliseconds - from.UnixMilliseconds)), from),
        (ComparisonKind.PreviousYear, { Days: { } days }) => (zone.StartOf(days.Start.PlusYears(-1)), zone.StartOf(days.End.PlusYears(-1).PlusDays(1))),
        (ComparisonKind.PreviousYear, _) => EnsureOrdered(zone.YearBefore(from), zone.YearBefore(to)),
    };

    /// <summary>Where a year earlier the clocks skipped or repeated the edges' times, these can change places: no time is left then.</summary>
    private static (Timestamp From, Timestamp To) EnsureOrdered(Timestamp from, Timestamp to) => (from, to < from ? from : to);
}
