using Analytics.Application.Reporting.Parsing;
using Analytics.Domain;
using CsCheck;

namespace Analytics.Application.Tests.Reporting.Parsing;

/// <summary>Local time the slow way: the system's own zones, asked at every quarter of an hour.</summary>
internal static class Walk
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>Offsets of quarters and halves of an hour, changes by half an hour, by a whole day, backwards in summer, at midnight to both sides, and none.</summary>
    public static Gen<string> Zones { get; } = Gen.OneOf(
        "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC", "America/Santiago", "America/Havana");

    /// <summary>
    /// Marks at any time, and near to where something happens: changes of clocks, leap days, the day that Apia skipped. All of it is
    /// past, since the system's rules for the future can be of another version.
    /// </summary>
    public static Gen<Timestamp> Times { get; } =
        from near in Gen.OneOf("1992-01-01", "2011-12-30", "2012-02-28", "2023-03-12", "2023-04-02", "2023-10-01", "2023-11-05", "2024-02-28")
        from quarters in Gen.OneOf(Gen.Int[-200, 200], Gen.Int[-35_000, 0])
        select Ask.At($"{near}T00:00:00Z") + (Step * quarters);

    public static IEnumerable<Timestamp> Marks(Timestamp from, Timestamp to)
    {
        for (var mark = from; mark < to; mark += Step)
        {
            yield return mark;
        }
    }

    public static DateTime Local(Timestamp instant, string zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds), TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime;

    public static DateTime Date(Timestamp instant, string zone) => Local(instant, zone).Date;

    /// <summary>The first instant of a day, or of the one after it where it does not occur.</summary>
    public static Timestamp FirstOf(DateTime day, string zone)
    {
        var utc = Timestamp.From(new DateTimeOffset(day, TimeSpan.Zero));
        return Marks(utc - TimeSpan.FromHours(15), utc + TimeSpan.FromHours(49)).First(mark => Date(mark, zone) >= day);
    }

    /// <summary>Where buckets begin inside a window.</summary>
    public static IEnumerable<Timestamp> Starts(Interval interval, Timestamp from, Timestamp to, string zone)
    {
        if (interval == Interval.Hour)
        {
            return Marks(from + Step, to).Where(mark => Local(mark, zone).Minute == 0);
        }

        var reached = Begin(interval, Date(from, zone));
        return Marks(from + Step, to).Where(mark =>
        {
            var begin = Begin(interval, Date(mark, zone));
            var isNew = begin > reached;
            reached = isNew ? begin : reached;
            return isNew;
        });
    }

    private static DateTime Begin(Interval interval, DateTime day) => interval switch
    {
        Interval.Hour or Interval.Day => day,
        Interval.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        Interval.Month => day.AddDays(1 - day.Day),
    };
}
