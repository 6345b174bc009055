using Analytics.Application.Rollups;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

internal static class TimeZoneExtensions
{
    public static LocalDateTime At(this DateTimeZone zone, Timestamp time) => ToInstant(time).InZone(zone).LocalDateTime;

    // DateTimeOffset and ISO 8601 have no seconds in offsets, which zones had before 1972. Dropping them keeps the instant.
    public static DateTimeOffset ToDateTimeOffset(this DateTimeZone zone, Timestamp time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds)
            .ToOffset(TimeSpan.FromMinutes(zone.GetUtcOffset(ToInstant(time)).Seconds / 60));

    /// <summary>The first instant of a day. If the clocks skip midnight or the whole day, the first one after the gap.</summary>
    public static Timestamp StartOf(this DateTimeZone zone, LocalDate day)
    {
        var midnight = zone.MapLocal(day.AtMidnight());
        return ToTimestamp(midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant());
    }

    public static TimeRange RangeOf(this DateTimeZone zone, DateInterval days) =>
        new(zone.StartOf(days.Start), zone.StartOf(days.End.PlusDays(1)));

    /// <summary>Whether the clocks skip the whole day, as those of Pacific/Apia did on 2011-12-30.</summary>
    public static bool IsSkipped(this DateTimeZone zone, LocalDate day) => zone.StartOf(day) >= zone.StartOf(day.PlusDays(1));

    /// <summary>The earlier of two ambiguous times, and a skipped time is shifted forward.</summary>
    public static Timestamp FromLocal(this DateTimeZone zone, LocalDateTime time) => ToTimestamp(zone.AtLeniently(time).ToInstant());

    /// <summary>A year earlier in local time; 29 February becomes the 28th.</summary>
    public static Timestamp YearBefore(this DateTimeZone zone, Timestamp time) => zone.FromLocal(zone.At(time).PlusYears(-1));

    public static bool IsQuarterHourAligned(Timestamp? boundary) =>
        boundary is not { } time || QuarterHour.Containing(time).Start == time;

    public static Instant ToInstant(Timestamp time) => Instant.FromUnixTimeMilliseconds(time.UnixMilliseconds);

    private static Timestamp ToTimestamp(Instant instant) => new(instant.ToUnixTimeMilliseconds());
}
