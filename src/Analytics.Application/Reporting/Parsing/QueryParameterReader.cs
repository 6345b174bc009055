using System.Globalization;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Parses query parameters and collects all errors. An invalid parameter is read as its default.</summary>
internal sealed class QueryParameterReader(RawQuery query, QuarterHour now)
{
    public const int FirstYear = 1900;

    private const int LastYear = 9998;
    private const int MaxReported = 20;

    private static readonly LocalDatePattern DayPattern = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    private static readonly OffsetDateTimePattern[] InstantPatterns =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.FFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<Z+HH:mm>"),
    ];

    private readonly List<ParameterError> _errors = [];

    public IReadOnlyList<ParameterError> Errors => _errors;

    public void AddError(string name, string message) => _errors.Add(new(name, message));

    public void RejectUnknown(IReadOnlyCollection<string> knownNames)
    {
        foreach (var name in FindUnknown(knownNames).Take(MaxReported))
        {
            AddError(name, $"{name} is not known here; known are {string.Join(", ", knownNames)}.");
        }
    }

    public IEnumerable<string> FindUnknown(IEnumerable<string> knownNames) =>
        query.Names.Except(knownNames).Order(StringComparer.Ordinal);

    /// <summary>Null if the parameter is absent or blank.</summary>
    public string? GetSingle(string name)
    {
        var values = query[name];
        if (values.Count > 1)
        {
            AddError(name, $"{name} must be given only once.");
            return null;
        }

        return string.IsNullOrWhiteSpace(values) ? null : values.ToString();
    }

    public T? ParseEnum<T>(string name, IReadOnlyList<(string Name, T Value)> options)
        where T : struct
    {
        var value = GetSingle(name);
        if (value is null)
        {
            return null;
        }

        foreach (var option in options.Where(option => option.Name == value))
        {
            return option.Value;
        }

        AddError(name, $"{name} must be {(options.Count > 1 ? "one of " : "")}{Join(options)}.");
        return null;
    }

    /// <summary>Parses a comma-separated list; empty if the parameter is absent.</summary>
    public IReadOnlyList<T> ParseEnums<T>(string name, IReadOnlyList<(string Name, T Value)> options)
    {
        var values = GetSingle(name)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        if (!values.All(value => options.Any(option => option.Name == value)))
        {
            AddError(name, $"{name} must be a comma-separated list of {Join(options)}.");
            return [];
        }

        return [.. values.Select(value => options.First(option => option.Name == value).Value)];
    }

    public DateTimeZone ParseTimeZone()
    {
        var id = GetSingle(ParameterNames.Timezone);
        if (id is null)
        {
            return DateTimeZone.Utc;
        }

        // The provider's indexer also accepts fixed offsets such as UTC+05, which are not IANA names.
        if (DateTimeZoneProviders.Tzdb.Ids.Contains(id))
        {
            return DateTimeZoneProviders.Tzdb[id];
        }

        AddError(
            ParameterNames.Timezone,
            $"{ParameterNames.Timezone} must be the IANA name of a time zone, such as Asia/Kolkata, in its exact case.");
        return DateTimeZone.Utc;
    }

    public RequestedRange ParseRange(DateTimeZone zone)
    {
        var errorCount = _errors.Count;
        var rangeName = GetSingle(ParameterNames.DateRange);
        var start = ParseBoundary(ParameterNames.StartDate);
        var end = ParseBoundary(ParameterNames.EndDate);
        var range = rangeName is null ? null : ParseNamedRange(rangeName, zone);

        if (rangeName is not null && range is null)
        {
            AddError(
                ParameterNames.DateRange,
                $"{ParameterNames.DateRange} must be one of {string.Join(", ", ParameterValues.DateRanges)}.");
        }

        var hasDates = !query[ParameterNames.StartDate].IsNullOrWhiteSpace() || !query[ParameterNames.EndDate].IsNullOrWhiteSpace();
        if (rangeName is not null && hasDates)
        {
            AddError(
                ParameterNames.DateRange,
                $"{ParameterNames.DateRange} must not be given together with {ParameterNames.StartDate} or {ParameterNames.EndDate}.");
        }

        if (_errors.Count > errorCount)
        {
            return RequestedRange.All;
        }

        range ??= CreateRange(start, end, zone);
        if (end is null)
        {
            var name = rangeName is null ? ParameterNames.StartDate : ParameterNames.DateRange;
            RequireQuarterHourAlignment(name, zone, [range.Window.From, range.Window.To]);
        }
        else
        {
            RequireQuarterHourAlignment(ParameterNames.StartDate, zone, [range.Window.From]);
            RequireQuarterHourAlignment(ParameterNames.EndDate, zone, [range.Window.To]);
        }

        return range;
    }

    public void RequireQuarterHourAlignment(string name, DateTimeZone zone, IEnumerable<Timestamp?> boundaries)
    {
        if (!boundaries.All(TimeZoneExtensions.IsQuarterHourAligned))
        {
            AddError(
                name,
                $"{name} must have its edges on 15-minute marks of UTC, which the clocks of {zone.Id} did not keep to then.");
        }
    }

    public TaskFilter ParseFilter() =>
        new() { SpaceToken = ParseSpaceToken(), Agents = ParseAgents(), Direction = ParseDirection() };

    public ResponseFormat? ParseFormat() => ParseEnum(ParameterNames.Format, ParameterValues.Formats);

    public int ParseLimit()
    {
        var text = GetSingle(ParameterNames.Limit);
        if (text is null)
        {
            return ParameterValues.DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= ParameterValues.MaxLimit)
        {
            return limit;
        }

        AddError(ParameterNames.Limit, $"{ParameterNames.Limit} must be a whole number from 1 to {ParameterValues.MaxLimit}.");
        return ParameterValues.DefaultLimit;
    }

    public IncludeOptions ParseInclude(IReadOnlyList<(string Name, IncludeOptions Value)> options) =>
        ParseEnums(ParameterNames.Include, options).Aggregate(IncludeOptions.None, (combined, option) => combined | option);

    private static string Join<T>(IEnumerable<(string Name, T Value)> options) =>
        string.Join(", ", options.Select(option => option.Name));

    private RequestedRange? ParseNamedRange(string name, DateTimeZone zone)
    {
        var today = Today(zone);
        var month = new LocalDate(today.Year, today.Month, 1);
        return name switch
        {
            "today" => Days(0, 0),
            "yesterday" => Days(-1, -1),
            "7d" => Days(-7, -1),
            "28d" => Days(-28, -1),
            "30d" => Days(-30, -1),
            "91d" => Days(-91, -1),
            "24h" => new(new TimeRange(now.End - TimeSpan.FromHours(24), now.End)),
            "month" => Months(month, 1),
            "6mo" => Months(month.PlusMonths(-6), 6),
            "12mo" => Months(month.PlusMonths(-12), 12),
            "year" => Months(new LocalDate(today.Year, 1, 1), 12),
            "all" => RequestedRange.All,
            _ => null,
        };

        RequestedRange Days(int first, int last) => ToRange(new(today.PlusDays(first), today.PlusDays(last)));

        RequestedRange Months(LocalDate first, int count) =>
            ToRange(new(first, first.PlusMonths(count).PlusDays(-1)), count);

        RequestedRange ToRange(DateInterval days, int? months = null) =>
            new(zone.RangeOf(days), days, months);
    }

    private RequestedRange CreateRange(Boundary? start, Boundary? end, DateTimeZone zone)
    {
        if (start is null)
        {
            return end is null ? RequestedRange.All : new(new TimeRange(null, end.To(zone)));
        }

        var last = end ?? new Boundary(Today(zone), null);
        if (end is not null && start.IsDay != end.IsDay)
        {
            AddError(
                ParameterNames.EndDate,
                $"{ParameterNames.EndDate} must be of the same kind as {ParameterNames.StartDate}: both days or both instants.");
            return RequestedRange.All;
        }

        var window = new TimeRange(start.From(zone), last.To(zone));
        if (window.From >= window.To)
        {
            var limit = end switch
            {
                null => "the end of today",
                { IsDay: true } => $"the end of {ParameterNames.EndDate}",
                _ => ParameterNames.EndDate,
            };
            AddError(ParameterNames.StartDate, $"{ParameterNames.StartDate} must be before {limit}.");
            return RequestedRange.All;
        }

        return new(window, start.Day is { } firstDay && last.Day is { } lastDay ? new DateInterval(firstDay, lastDay) : null);
    }

    private Boundary? ParseBoundary(string name)
    {
        var text = GetSingle(name);
        if (text is null)
        {
            return null;
        }

        if (DayPattern.Parse(text).TryGetValue(default, out var day) && day.Year is >= FirstYear and <= LastYear)
        {
            return new(day, null);
        }

        // An unencoded + in the query string is decoded as a space.
        var normalized = text.Replace(' ', '+');
        foreach (var pattern in InstantPatterns)
        {
            if (pattern.Parse(normalized).TryGetValue(default, out var time) && time.Year is >= FirstYear and <= LastYear)
            {
                return CreateInstantBoundary(name, time.ToInstant());
            }
        }

        AddError(
            name,
            $"{name} must be a day (2026-11-01) or an instant with its offset (2026-11-01T00:00:00+05:30), "
            + $"in the years {FirstYear} to {LastYear}.");
        return null;
    }

    private Boundary? CreateInstantBoundary(string name, Instant time)
    {
        if (time.ToUnixTimeTicks() % (QuarterHour.Milliseconds * NodaConstants.TicksPerMillisecond) == 0)
        {
            return new(null, new Timestamp(time.ToUnixTimeMilliseconds()));
        }

        AddError(name, $"{name} must be on a 15-minute mark of UTC.");
        return null;
    }

    private string? ParseSpaceToken()
    {
        var token = GetSingle(ParameterNames.SpaceToken);
        if (token is not null && !SpaceToken.IsValid(token))
        {
            AddError(ParameterNames.SpaceToken, $"{ParameterNames.SpaceToken} {SpaceToken.ValidationMessage}");
        }

        return token;
    }

    private string[]? ParseAgents()
    {
        var values = query[ParameterNames.Agent];
        if (values.Count == 0)
        {
            return null;
        }

        var validator = new FieldValidator();
        string[] agents =
            [.. values.Select(agent => validator.Agent(ParameterNames.Agent, agent)).Distinct().Order(StringComparer.Ordinal)];
        if (validator.Error is { } error)
        {
            AddError(ParameterNames.Agent, error);
        }

        return agents;
    }

    private Direction? ParseDirection()
    {
        var name = GetSingle(ParameterNames.Direction);
        if (name is null)
        {
            return query[ParameterNames.Direction].Count == 0 ? null : Direction.None;
        }

        var direction = Directions.Parse(name);
        if (direction == Direction.None)
        {
            AddError(ParameterNames.Direction, $"{ParameterNames.Direction} must be inbound, outbound or blank.");
        }

        return direction;
    }

    private LocalDate Today(DateTimeZone zone) => zone.At(now.Start).Date;

    /// <summary>Either a whole local day or an instant.</summary>
    private sealed record Boundary(LocalDate? Day, Timestamp? Time)
    {
        public bool IsDay => Day is not null;

        public Timestamp? From(DateTimeZone zone) => Day is { } day ? zone.StartOf(day) : Time;

        public Timestamp? To(DateTimeZone zone) => Day is { } day ? zone.StartOf(day.PlusDays(1)) : Time;
    }
}
