using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The windows of the same kind directly before and after a requested one.</summary>
internal static class AdjacentWindows
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:sszzz";

    private static readonly LocalDate LastDay = new(RangeParser.LastYear, 12, 31);

    /// <param name="range">The requested range.</param>
    /// <param name="step">-1 for the window before, 1 for the one after.</param>
    /// <param name="zone">The zone of its days.</param>
    /// <returns>Null if the range lacks a bound, or if parameters cannot request the adjacent window.</returns>
    public static WindowDates? Create(RequestedRange range, int step, DateTimeZone zone) => range switch
    {
        { Days: { } days } => step > 0 && Period.DaysBetween(days.End, LastDay) < days.Length ? null : Create(range.Shift(step), zone),
        { Window: { From: { } from, To: { } to } } => Create(from, to, step * (to.UnixMilliseconds - from.UnixMilliseconds), zone),
        _ => null,
    };

    // By its instants, because no parameter may name a day that the zone skipped.
    private static WindowDates? Create(DateInterval days, DateTimeZone zone) =>
        days.Start.Year >= RangeParser.FirstYear
        && zone.RangeOf(days) is { From: { } from, To: { } to }
        && from < to
        && TimeZoneExtensions.IsQuarterHourAligned(from)
        && TimeZoneExtensions.IsQuarterHourAligned(to)
            ? new WindowDates { StartDate = Format(zone.At(from).Date), EndDate = Format(zone.At(new(to.UnixMilliseconds - 1)).Date) }
            : null;

    private static WindowDates? Create(Timestamp from, Timestamp to, long shift, DateTimeZone zone)
    {
        Timestamp[] shifted = [new(from.UnixMilliseconds + shift), new(to.UnixMilliseconds + shift)];
        return shifted.All(boundary => IsValidInstant(boundary, zone))
            ? new WindowDates { StartDate = Format(shifted[0], zone), EndDate = Format(shifted[1], zone) }
            : null;
    }

    private static bool IsValidInstant(Timestamp boundary, DateTimeZone zone) =>
        RangeParser.IsValidBoundary(boundary)
        && zone.At(boundary).Year is >= RangeParser.FirstYear and <= RangeParser.LastYear;

    private static string Format(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static string Format(Timestamp instant, DateTimeZone zone) =>
        zone.ToDateTimeOffset(instant).ToString(InstantFormat, CultureInfo.InvariantCulture);
}
