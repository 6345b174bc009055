using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Parses the range of a query: one that has a name, or one between two dates. The reader collects the errors.</summary>
internal sealed class RangeParser(QueryParameterReader reader, QuarterHour now, DateTimeZone zone)
{
    public const int FirstYear = 1900;
    public const int LastYear = 9998;

    private static readonly LocalDatePattern DayPattern = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    private static readonly OffsetDateTimePattern[] InstantPatterns =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.FFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<Z+HH:mm>"),
    ];

    public RequestedRange Parse()
    {
        var errorCount = reader.Errors.Count;
        var rangeName = reader.GetSingle(QueryParameters.DateRange);
        var start = ParseBoundary(QueryParameters.StartDate);
        var end = ParseBoundary(QueryParameters.EndDate);
        var range = rangeName is null ? null : RequestedRange.Named.GetValueOrDefault(rangeName)?.Invoke(now, zone);
        if (rangeName is not null && range is null)
        {
            reader.AddError(QueryParameters.DateRange, QueryParameters.DateRange.ValuesMessage);
        }

        if (range is { Days: { Length: 1 } named })
        {
            RejectSkippedDay(QueryParameters.DateRange, named.Start);
        }

        var hasDates = reader.IsGiven(QueryParameters.StartDate) || reader.IsGiven(QueryParameters.EndDate);
        if (rangeName is not null && hasDates)
        {
            reader.AddError(QueryParameters.DateRange, "must not be given together with start_date or end_date.");
        }

        if (reader.Errors.Count > errorCount)
        {
            return RequestedRange.All;
        }

        range ??= CreateRange(start, end);
        if (end is null)
        {
            var parameter = rangeName is null ? QueryParameters.StartDate : QueryParameters.DateRange;
            reader.RequireQuarterHourAlignment(parameter, zone, [range.Window.From, range.Window.To]);
        }
        else
        {
            reader.RequireQuarterHourAlignment(QueryParameters.StartDate, zone, [range.Window.From]);
            reader.RequireQuarterHourAlignment(QueryParameters.EndDate, zone, [range.Window.To]);
        }

        return range;
    }

    /// <summary>Whether a parameter can give this boundary. A local year begins up to a day before or after the year in UTC.</summary>
    public static bool IsValidBoundary(Timestamp boundary) =>
        TimeZoneExtensions.IsQuarterHourAligned(boundary)
        && boundary > Timestamp.From(new DateTimeOffset(FirstYear - 1, 12, 31, 0, 0, 0, TimeSpan.Zero))
        && boundary < Timestamp.From(new DateTimeOffset(LastYear + 1, 1, 2, 0, 0, 0, TimeSpan.Zero));

    private RequestedRange CreateRange(Boundary? start, Boundary? end)
    {
        if (start is null)
        {
            return end is null ? RequestedRange.All : new(new TimeRange(null, end.To(zone)));
        }

        var last = end ?? new Boundary(now.DayIn(zone), null);
        if (end is not null && start.IsDay != end.IsDay)
        {
            reader.AddError(QueryParameters.StartDate, "must be of the same kind as end_date: both days or both instants.");
            reader.AddError(QueryParameters.EndDate, "must be of the same kind as start_date: both days or both instants.");
            return RequestedRange.All;
        }

        var window = new TimeRange(start.From(zone), last.To(zone));
        if (window.From >= window.To)
        {
            RejectOrder(end);
            return RequestedRange.All;
        }

        return new(window, start.Day is { } firstDay && last.Day is { } lastDay ? new DateInterval(firstDay, lastDay) : null);
    }

    private void RejectOrder(Boundary? end)
    {
        if (end is null)
        {
            reader.AddError(QueryParameters.StartDate, "must be before the end of today.");
            return;
        }

        reader.AddError(QueryParameters.StartDate, end.IsDay ? "must be before the end of end_date." : "must be before end_date.");
        reader.AddError(QueryParameters.EndDate, end.IsDay ? "must not be before start_date." : "must be after start_date.");
    }

    private Boundary? ParseBoundary(RequestParameter parameter)
    {
        var text = reader.GetSingle(parameter);
        if (text is null)
        {
            return null;
        }

        if (DayPattern.Parse(text).TryGetValue(default, out var day) && day.Year is >= FirstYear and <= LastYear)
        {
            RejectSkippedDay(parameter, day);
            return new(day, null);
        }

        // An unencoded + in the query string is decoded as a space.
        var normalized = text.Replace(' ', '+');
        foreach (var pattern in InstantPatterns)
        {
            if (pattern.Parse(normalized).TryGetValue(default, out var time) && time.Year is >= FirstYear and <= LastYear)
            {
                return CreateInstantBoundary(parameter, time.ToInstant());
            }
        }

        reader.AddError(
            parameter,
            "must be a day (2026-11-01) or an instant with its offset (2026-11-01T00:00:00+05:30), "
            + $"in the years {FirstYear} to {LastYear}.");
        return null;
    }

    private void RejectSkippedDay(RequestParameter parameter, LocalDate day)
    {
        if (zone.IsSkipped(day))
        {
            reader.AddError(parameter, $"must not be {DayPattern.Format(day)}, a day that {zone.Id} skipped.");
        }
    }

    private Boundary? CreateInstantBoundary(RequestParameter parameter, Instant time)
    {
        var boundary = new Timestamp(time.ToUnixTimeMilliseconds());
        if (TimeZoneExtensions.ToInstant(boundary) == time && TimeZoneExtensions.IsQuarterHourAligned(boundary))
        {
            return new(null, boundary);
        }

        reader.AddError(parameter, "must be on a 15-minute mark of UTC.");
        return null;
    }

    /// <summary>Either a whole local day or an instant.</summary>
    private sealed record Boundary(LocalDate? Day, Timestamp? Time)
    {
        public bool IsDay => Day is not null;

        public Timestamp? From(DateTimeZone zone) => Day is { } day ? zone.StartOf(day) : Time;

        public Timestamp? To(DateTimeZone zone) => Day is { } day ? zone.StartOf(day.PlusDays(1)) : Time;
    }
}
