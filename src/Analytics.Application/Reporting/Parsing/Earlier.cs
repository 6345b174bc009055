using NodaTime;
using Instant = Analytics.Domain.Instant;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>With what a window is compared.</summary>
internal enum Earlier
{
    /// <summary>As much time directly before.</summary>
    PreviousPeriod,

    /// <summary>The same dates a year earlier.</summary>
    PreviousYear,
}

/// <summary>The windows of a comparison.</summary>
internal static class EarlierWindows
{
    /// <summary>Both windows, cut at the same elapsed time where the asked one is not over.</summary>
    public static Comparison Comparison(Earlier earlier, AskedRange range, Instant from, Instant to, DateTimeZone zone, Slot now)
    {
        var (earlierFrom, earlierTo) = Whole(earlier, range, from, to, zone);
        if (!range.Window.Holds(now.Start))
        {
            return new(new(earlierFrom, earlierTo), range.Window);
        }

        var sameElapsed = new Instant(earlierFrom.UnixMilliseconds + now.End.UnixMilliseconds - from.UnixMilliseconds);
        return new(new(earlierFrom, sameElapsed < earlierTo ? sameElapsed : earlierTo), new(from, now.End));
    }

    private static (Instant From, Instant To) Whole(Earlier earlier, AskedRange range, Instant from, Instant to, DateTimeZone zone) => (earlier, range) switch
    {
        (Earlier.PreviousPeriod, { Days: { } days, Months: { } months }) => (zone.StartOf(days.Start.PlusMonths(-months)), from),
        (Earlier.PreviousPeriod, { Days: { } days }) => (zone.StartOf(days.Start.PlusDays(-days.Length)), from),
        (Earlier.PreviousPeriod, _) => (new(from.UnixMilliseconds - (to.UnixMilliseconds - from.UnixMilliseconds)), from),
        (Earlier.PreviousYear, { Days: { } days }) => (zone.StartOf(days.Start.PlusYears(-1)), zone.StartOf(days.End.PlusYears(-1).PlusDays(1))),
        (Earlier.PreviousYear, _) => Ordered(zone.YearBefore(from), zone.YearBefore(to)),
    };

    /// <summary>Where a year earlier the clocks skipped or repeated the edges' times, these can change places: no time is left then.</summary>
    private static (Instant From, Instant To) Ordered(Instant from, Instant to) => (from, to < from ? from : to);
}
