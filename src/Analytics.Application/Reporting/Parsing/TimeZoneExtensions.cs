using Analytics.Application.Rollups;
using NodaTime;
using Analytics.Domain;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Instants as a zone's clocks and calendars show them, and back.</summary>
internal static class TimeZoneExtensions
{
    public static LocalDateTime At(this DateTimeZone zone, Timestamp instant) =>
        NodaTime.Instant.FromUnixTimeMilliseconds(instant.UnixMilliseconds).InZone(zone).LocalDateTime;

    /// <summary>An instant as answers show it.</summary>
    public static DateTimeOffset ToDateTimeOffset(this DateTimeZone zone, Timestamp instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds).ToOffset(
            // Offsets before 1972 can have seconds, which ISO 8601 does not: the instant must stay the same.
            TimeSpan.FromMinutes(zone.GetUtcOffset(NodaTime.Instant.FromUnixTimeMilliseconds(instant.UnixMilliseconds)).Seconds / 60));

    /// <summary>The first instant of a day. Where clocks skip midnight, or the whole day, it is the one after the gap.</summary>
    public static Timestamp StartOf(this DateTimeZone zone, LocalDate day)
    {
        var midnight = zone.MapLocal(day.AtMidnight());
        return Truncate(midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant());
    }

    /// <summary>The time of some days, the last one included.</summary>
    public static TimeRange RangeOf(this DateTimeZone zone, DateInterval days) => new(zone.StartOf(days.Start), zone.StartOf(days.End.PlusDays(1)));

    /// <summary>An instant a year earlier on the clock: the earlier one of a repeated time, and a skipped time is shifted forward.</summary>
    public static Timestamp YearBefore(this DateTimeZone zone, Timestamp instant) =>
        Truncate(zone.AtLeniently(zone.At(instant).PlusYears(-1)).ToInstant());

    /// <summary>Whether a range can be cut there.</summary>
    public static bool IsQuarterHourAligned(Timestamp? boundary) => (boundary?.UnixMilliseconds ?? 0) % QuarterHour.Milliseconds == 0;

    private static Timestamp Truncate(NodaTime.Instant instant) => new(instant.ToUnixTimeMilliseconds());
}
