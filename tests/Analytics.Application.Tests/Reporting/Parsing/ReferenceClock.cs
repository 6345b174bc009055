using Analytics.Application.Reporting.Parsing;
using Analytics.Domain;
using CsCheck;

namespace Analytics.Application.Tests.Reporting.Parsing;

/// <summary>Computes local time independently of NodaTime: by TimeZoneInfo, for every single quarter hour.</summary>
internal static class ReferenceClock
{
    private static readonly TimeSpan QuarterHourLength = TimeSpan.FromMinutes(15);

    // Offsets of quarter and half hours; changes by half an hour, by a whole day, at midnight in both directions; negative DST; none.
    public static Gen<string> Zones { get; } = Gen.OneOf(
        "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC",
        "America/Santiago", "America/Havana");

    // Quarter hours at any time, and near clock changes, leap days and the day that Apia skipped. Only past times, since the
    // system's tz database can be of another version, with other rules for the future.
    public static Gen<Timestamp> Times { get; } =
        from near in Gen.OneOf(
            "1992-01-01", "2011-12-30", "2012-02-28", "2023-03-12", "2023-04-02", "2023-10-01", "2023-11-05", "2024-02-28")
        from quarters in Gen.OneOf(Gen.Int[-200, 200], Gen.Int[-35_000, 0])
        select TestQuery.ParseTime($"{near}T00:00:00Z") + (QuarterHourLength * quarters);

    public static IEnumerable<Timestamp> GetQuarterHours(Timestamp from, Timestamp to)
    {
        for (var quarterHour = from; quarterHour < to; quarterHour += QuarterHourLength)
        {
            yield return quarterHour;
        }
    }

    public static DateTime ToLocalTime(Timestamp instant, string zone) =>
        TimeZoneInfo.ConvertTime(
            DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds), TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime;

    public static DateTime ToLocalDate(Timestamp instant, string zone) => ToLocalTime(instant, zone).Date;

    // If the day does not occur, the start of the next one.
    public static Timestamp StartOfDay(DateTime day, string zone)
    {
        var utc = Timestamp.From(new DateTimeOffset(day, TimeSpan.Zero));
        return GetQuarterHours(utc - TimeSpan.FromHours(15), utc + TimeSpan.FromHours(49))
            .First(quarterHour => ToLocalDate(quarterHour, zone) >= day);
    }

    public static bool IsSkipped(DateTime day, string zone) => StartOfDay(day, zone) == StartOfDay(day.AddDays(1), zone);

    public static IEnumerable<Timestamp> GetBucketStarts(Interval interval, Timestamp from, Timestamp to, string zone)
    {
        if (interval == Interval.Hour)
        {
            return GetQuarterHours(from + QuarterHourLength, to).Where(quarterHour => ToLocalTime(quarterHour, zone).Minute == 0);
        }

        var latestStart = StartOfInterval(interval, ToLocalDate(from, zone));
        return GetQuarterHours(from + QuarterHourLength, to).Where(quarterHour =>
        {
            var start = StartOfInterval(interval, ToLocalDate(quarterHour, zone));
            var isNew = start > latestStart;
            latestStart = isNew ? start : latestStart;
            return isNew;
        });
    }

    private static DateTime StartOfInterval(Interval interval, DateTime day) => interval switch
    {
        Interval.Hour or Interval.Day => day,
        Interval.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        Interval.Month => day.AddDays(1 - day.Day),
    };
}
