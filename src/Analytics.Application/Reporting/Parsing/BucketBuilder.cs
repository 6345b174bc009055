using Analytics.Application.Requests;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

internal static class BucketBuilder
{
    private const long MillisecondsPerHour = NodaConstants.MillisecondsPerHour;

    // Follows the parameter's name in the error message.
    public static string GetLimitMessage(Interval interval) =>
        $"{interval.ToSnakeCase()} allows a range of at most {GetMaxRange(interval).Text}.";

    // In local time. Subtracts from the end, since adding to the start could exceed the calendar's maximum.
    public static bool IsTooLong(Interval interval, LocalDateTime from, LocalDateTime to) => from < to - GetMaxRange(interval).Period;

    /// <summary>Covers the window without gaps; the first and the last bucket are truncated to it.</summary>
    public static IReadOnlyList<Bucket> Build(Interval interval, Timestamp from, Timestamp to, DateTimeZone zone, QuarterHour now)
    {
        List<Bucket> buckets = [];
        var start = from;
        foreach (var boundary in GetStarts(interval, from, to, zone).TakeWhile(boundary => boundary < to).Append(to))
        {
            // Omits empty buckets, such as a local day that the zone skipped.
            if (boundary > start)
            {
                buckets.Add(new(start, boundary, GetState(start, boundary, now)));
                start = boundary;
            }
        }

        return buckets;
    }

    private static BucketState GetState(Timestamp from, Timestamp to, QuarterHour now) =>
        to <= now.Start ? BucketState.Past
        : from > now.Start ? BucketState.Future
        : BucketState.Current;

    private static (Period Period, string Text) GetMaxRange(Interval interval) => interval switch
    {
        Interval.Hour => (Period.FromDays(35), "35 days"),
        Interval.Day => (Period.FromDays(366), "366 days"),
        Interval.Week or Interval.Month => (Period.FromYears(10), "10 years"),
    };

    private static IEnumerable<Timestamp> GetStarts(
        Interval interval, Timestamp from, Timestamp to, DateTimeZone zone) => interval switch
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

    // Each local full hour that occurs, computed separately for each interval with a constant offset.
    private static IEnumerable<Timestamp> GetHourStarts(Timestamp from, Timestamp to, DateTimeZone zone)
    {
        foreach (var zoneInterval in zone.GetZoneIntervals(TimeZoneExtensions.ToInstant(from), TimeZoneExtensions.ToInstant(to)))
        {
            var zoneStart = zoneInterval.HasStart ? zoneInterval.Start.ToUnixTimeMilliseconds() : long.MinValue;
            var zoneEnd = zoneInterval.HasEnd ? zoneInterval.End.ToUnixTimeMilliseconds() : long.MaxValue;
            var start = Math.Max(from.UnixMilliseconds, zoneStart);
            var end = Math.Min(to.UnixMilliseconds, zoneEnd);
            var localStart = start + zoneInterval.WallOffset.Milliseconds;
            var pastHour = ((localStart % MillisecondsPerHour) + MillisecondsPerHour) % MillisecondsPerHour;
            var firstHour = pastHour == 0 ? start : start - pastHour + MillisecondsPerHour;
            for (var hour = firstHour; hour < end; hour += MillisecondsPerHour)
            {
                yield return new(hour);
            }
        }
    }
}
