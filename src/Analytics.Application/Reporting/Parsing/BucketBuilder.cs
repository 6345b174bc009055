using NodaTime;
using Analytics.Domain;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The buckets of a series.</summary>
internal static class BucketBuilder
{
    private const long MillisecondsPerHour = NodaConstants.MillisecondsPerHour;

    /// <summary>The limit, as the end of a sentence that begins with the parameter's name.</summary>
    public static string GetLimitMessage(Interval interval) => interval switch
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
    public static IReadOnlyList<Bucket> Build(Interval interval, Timestamp from, Timestamp to, DateTimeZone zone, QuarterHour now)
    {
        List<Bucket> buckets = [];
        var start = from;
        foreach (var boundary in GetStarts(interval, from, to, zone).TakeWhile(boundary => boundary < to).Append(to))
        {
            // A bucket without time, such as a day that a zone skipped, is none.
            if (boundary > start)
            {
                buckets.Add(new(start, boundary, boundary <= now.Start));
                start = boundary;
            }
        }

        return buckets;
    }

    private static IEnumerable<Timestamp> GetStarts(Interval interval, Timestamp from, Timestamp to, DateTimeZone zone) => interval switch
    {
        Interval.Hour => GetHourStarts(from, to, zone),
        Interval.Day => GetDayStarts(zone, zone.At(from).Date.PlusDays(1), day => day.PlusDays(1)),
        Interval.Week => GetDayStarts(zone, zone.At(from).Date.Next(IsoDayOfWeek.Monday), day => day.PlusWeeks(1)),
        Interval.Month => GetDayStarts(zone, zone.At(from).Date.With(DateAdjusters.StartOfMonth).PlusMonths(1), day => day.PlusMonths(1)),
    };

    private static IEnumerable<Timestamp> GetDayStarts(DateTimeZone zone, LocalDate first, Func<LocalDate, LocalDate> next)
    {
        for (var day = first; ; day = next(day))
        {
            yield return zone.StartOf(day);
        }
    }

    /// <summary>Each local :00 that occurs, in each stretch of time in which the zone keeps one offset.</summary>
    private static IEnumerable<Timestamp> GetHourStarts(Timestamp from, Timestamp to, DateTimeZone zone)
    {
        foreach (var zoneInterval in zone.GetZoneIntervals(NodaTime.Instant.FromUnixTimeMilliseconds(from.UnixMilliseconds), NodaTime.Instant.FromUnixTimeMilliseconds(to.UnixMilliseconds)))
        {
            var first = zoneInterval.HasStart ? Math.Max(from.UnixMilliseconds, zoneInterval.Start.ToUnixTimeMilliseconds()) : from.UnixMilliseconds;
            var end = zoneInterval.HasEnd ? Math.Min(to.UnixMilliseconds, zoneInterval.End.ToUnixTimeMilliseconds()) : to.UnixMilliseconds;
            var millisecondsPastHour = (((first + zoneInterval.WallOffset.Milliseconds) % MillisecondsPerHour) + MillisecondsPerHour) % MillisecondsPerHour;
            for (var hour = millisecondsPastHour == 0 ? first : first - millisecondsPastHour + MillisecondsPerHour; hour < end; hour += MillisecondsPerHour)
            {
                yield return new(hour);
            }
        }
    }
}
