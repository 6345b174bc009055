using NodaTime;
using Instant = Analytics.Domain.Instant;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The buckets of a series.</summary>
internal static class Series
{
    private const long Hour = NodaConstants.MillisecondsPerHour;

    /// <summary>The limit, as the end of a sentence that begins with the parameter's name.</summary>
    public static string Limit(Interval interval) => interval switch
    {
        Interval.Hour => "hour allows a range of at most 35 days.",
        Interval.Day => "day allows a range of at most 366 days.",
        Interval.Week => "week allows a range of at most 10 years.",
        Interval.Month => "month allows a range of at most 10 years.",
    };

    /// <summary>Whether a window is longer than the limit, on local clocks. It is counted back from the end, since the calendar ends.</summary>
    public static bool IsTooLong(Interval interval, LocalDateTime from, LocalDateTime to) => from < interval switch
    {
        Interval.Hour => to.PlusDays(-35),
        Interval.Day => to.PlusDays(-366),
        Interval.Week or Interval.Month => to.PlusYears(-10),
    };

    /// <summary>The buckets that fill a window; the first and the last one are cut at it.</summary>
    public static IReadOnlyList<Bucket> Buckets(Interval interval, Instant from, Instant to, DateTimeZone zone, Slot now)
    {
        List<Bucket> buckets = [];
        var start = from;
        foreach (var edge in Starts(interval, from, to, zone).TakeWhile(edge => edge < to).Append(to))
        {
            // A bucket without time, such as a day that a zone skipped, is none.
            if (edge > start)
            {
                buckets.Add(new(start, edge, edge <= now.Start));
                start = edge;
            }
        }

        return buckets;
    }

    private static IEnumerable<Instant> Starts(Interval interval, Instant from, Instant to, DateTimeZone zone) => interval switch
    {
        Interval.Hour => Hours(from, to, zone),
        Interval.Day => Days(zone, zone.At(from).Date.PlusDays(1), day => day.PlusDays(1)),
        Interval.Week => Days(zone, zone.At(from).Date.Next(IsoDayOfWeek.Monday), day => day.PlusWeeks(1)),
        Interval.Month => Days(zone, zone.At(from).Date.With(DateAdjusters.StartOfMonth).PlusMonths(1), day => day.PlusMonths(1)),
    };

    private static IEnumerable<Instant> Days(DateTimeZone zone, LocalDate first, Func<LocalDate, LocalDate> next)
    {
        for (var day = first; ; day = next(day))
        {
            yield return zone.StartOf(day);
        }
    }

    /// <summary>Each local :00 that occurs, in each stretch of time in which the zone keeps one offset.</summary>
    private static IEnumerable<Instant> Hours(Instant from, Instant to, DateTimeZone zone)
    {
        foreach (var stretch in zone.GetZoneIntervals(NodaTime.Instant.FromUnixTimeMilliseconds(from.UnixMilliseconds), NodaTime.Instant.FromUnixTimeMilliseconds(to.UnixMilliseconds)))
        {
            var first = stretch.HasStart ? Math.Max(from.UnixMilliseconds, stretch.Start.ToUnixTimeMilliseconds()) : from.UnixMilliseconds;
            var end = stretch.HasEnd ? Math.Min(to.UnixMilliseconds, stretch.End.ToUnixTimeMilliseconds()) : to.UnixMilliseconds;
            var pastTheHour = (((first + stretch.WallOffset.Milliseconds) % Hour) + Hour) % Hour;
            for (var hour = pastTheHour == 0 ? first : first - pastTheHour + Hour; hour < end; hour += Hour)
            {
                yield return new(hour);
            }
        }
    }
}
