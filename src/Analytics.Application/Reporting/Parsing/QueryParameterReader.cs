using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using FluentValidation.Results;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Parses query parameters and collects all errors. An invalid parameter is read as its default.</summary>
/// <param name="query">The parameters.</param>
/// <param name="now">Only time ranges depend on it.</param>
internal sealed class QueryParameterReader(RawQuery query, QuarterHour now = default)
{
    public const int FirstYear = 1900;
    public const int LastYear = 9998;

    private const int MaxReported = 20;

    private static readonly LocalDatePattern DayPattern = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    private static readonly OffsetDateTimePattern[] InstantPatterns =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.FFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<Z+HH:mm>"),
    ];

    public List<ValidationFailure> Errors { get; } = [];

    /// <param name="parameter">The parameter, whose name starts the message.</param>
    /// <param name="rule">The rest of the sentence: what is allowed.</param>
    public void AddError(RequestParameter parameter, string rule) => Errors.Add(new(parameter.Name, $"{parameter.Name} {rule}"));

    public ParseResult<T> ToResult<T>(T value)
        where T : class
    {
        RejectControlCharacters();
        return new(Errors.Count == 0 ? value : null, Errors);
    }

    public void RejectUnknown(IReadOnlyList<RequestParameter> known)
    {
        var names = string.Join(", ", known.Select(parameter => parameter.Name));
        Errors.AddRange(FindUnknown(known).Take(MaxReported)
            .Select(name => new ValidationFailure(name, $"{name} is not known here; known are {names}.")));
    }

    /// <summary>
    /// A misspelt parameter must not be ignored: the response would be that of another query than the one that was meant.
    /// </summary>
    public void RejectMisspelt(IReadOnlyList<RequestParameter> known) => Errors.AddRange(
        FindUnknown(known)
            .Where(name => !StringRules.HasControlCharacters(name))
            .Select(name => (Name: name, Meant: known.FirstOrDefault(parameter => SpellingRules.IsMisspelling(name, parameter.Name))))
            .Where(misspelt => misspelt.Meant is not null)
            .Take(MaxReported)
            .Select(misspelt => new ValidationFailure(
                misspelt.Name, $"{misspelt.Name} is not known here: did you mean {misspelt.Meant!.Name}?")));

    public IEnumerable<string> FindUnknown(IReadOnlyList<RequestParameter> known) =>
        query.Names.Except(known.Select(parameter => parameter.Name)).Order(StringComparer.Ordinal);

    /// <summary>Null if the parameter is absent or blank.</summary>
    public string? GetSingle(RequestParameter parameter)
    {
        var values = query[parameter.Name];
        if (values.Count > 1)
        {
            AddError(parameter, "must be given only once.");
            return null;
        }

        return string.IsNullOrWhiteSpace(values) ? null : values.ToString();
    }

    // Repeated and separated by commas mean the same, because generated clients send either.
    public string[] GetList(RequestParameter parameter) =>
    [
        .. query[parameter.Name].OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text))
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)),
    ];

    public T? ParseEnum<T>(EnumParameter<T> parameter)
        where T : struct, Enum =>
        ParseEnums(parameter) is [var value] ? value : null;

    /// <summary>Empty if the parameter is absent.</summary>
    public IReadOnlyList<T> ParseEnums<T>(EnumParameter<T> parameter)
        where T : struct, Enum
    {
        string[] names = parameter.Kind == ParameterKind.CommaSeparatedList ? GetList(parameter)
            : GetSingle(parameter) is { } text ? [text]
            : [];
        if (names.All(parameter.Values.Contains))
        {
            return [.. names.Select(name => parameter.Options.First(option => option.ToSnakeCase() == name))];
        }

        AddError(parameter, parameter.ValuesMessage);
        return [];
    }

    public IncludeOptions ParseInclude(EnumParameter<IncludeOptions> parameter) =>
        ParseEnums(parameter).Aggregate(IncludeOptions.None, (combined, option) => combined | option);

    public DateTimeZone ParseTimeZone()
    {
        // The provider's indexer also accepts fixed offsets such as UTC+05, which are not IANA names.
        var id = GetSingle(QueryParameters.Timezone);
        if (id is not null && DateTimeZoneProviders.Tzdb.Ids.Contains(id))
        {
            return DateTimeZoneProviders.Tzdb[id];
        }

        if (id is not null)
        {
            AddError(QueryParameters.Timezone, "must be the IANA name of a time zone, such as Asia/Kolkata, in its exact case.");
        }

        return DateTimeZone.Utc;
    }

    public RequestedRange ParseRange(DateTimeZone zone)
    {
        var errorCount = Errors.Count;
        var rangeName = GetSingle(QueryParameters.DateRange);
        var start = ParseBoundary(QueryParameters.StartDate, zone);
        var end = ParseBoundary(QueryParameters.EndDate, zone);
        var range = rangeName is null ? null : RequestedRange.Named.GetValueOrDefault(rangeName)?.Invoke(now, zone);
        if (rangeName is not null && range is null)
        {
            AddError(QueryParameters.DateRange, QueryParameters.DateRange.ValuesMessage);
        }

        if (range is { Days: { Length: 1 } named })
        {
            RejectSkippedDay(QueryParameters.DateRange, named.Start, zone);
        }

        var hasDates = !query[QueryParameters.StartDate.Name].IsBlank()
            || !query[QueryParameters.EndDate.Name].IsBlank();
        if (rangeName is not null && hasDates)
        {
            AddError(QueryParameters.DateRange, "must not be given together with start_date or end_date.");
        }

        if (Errors.Count > errorCount)
        {
            return RequestedRange.All;
        }

        range ??= CreateRange(start, end, zone);
        if (end is null)
        {
            var parameter = rangeName is null ? QueryParameters.StartDate : QueryParameters.DateRange;
            RequireQuarterHourAlignment(parameter, zone, [range.Window.From, range.Window.To]);
        }
        else
        {
            RequireQuarterHourAlignment(QueryParameters.StartDate, zone, [range.Window.From]);
            RequireQuarterHourAlignment(QueryParameters.EndDate, zone, [range.Window.To]);
        }

        return range;
    }

    /// <summary>Whether a parameter can give this boundary. A local year begins up to a day before or after the year in UTC.</summary>
    public static bool IsValidBoundary(Timestamp boundary) =>
        TimeZoneExtensions.IsQuarterHourAligned(boundary)
        && boundary > Timestamp.From(new DateTimeOffset(FirstYear - 1, 12, 31, 0, 0, 0, TimeSpan.Zero))
        && boundary < Timestamp.From(new DateTimeOffset(LastYear + 1, 1, 2, 0, 0, 0, TimeSpan.Zero));

    public void RequireQuarterHourAlignment(RequestParameter parameter, DateTimeZone zone, IEnumerable<Timestamp?> boundaries)
    {
        if (!boundaries.All(TimeZoneExtensions.IsQuarterHourAligned))
        {
            AddError(parameter, $"must have its edges on 15-minute marks of UTC, which the clocks of {zone.Id} did not keep to then.");
        }
    }

    public TaskFilter ParseFilter() =>
        new()
        {
            SpaceToken = ParseSpaceToken(),
            Agents = ParseAgents(),
            Direction = ParseDirection(),
            RunId = ParseTextOrNone(QueryParameters.RunId),
        };

    public int ParseLimit()
    {
        var text = GetSingle(QueryParameters.Limit);
        if (text is null)
        {
            return QueryParameters.DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit >= 1 && limit <= QueryParameters.Limit.Maximum)
        {
            return limit;
        }

        AddError(QueryParameters.Limit, $"must be a whole number from 1 to {QueryParameters.Limit.Maximum}.");
        return QueryParameters.DefaultLimit;
    }

    /// <summary>The position of the page; null for the first one.</summary>
    public T? ParseCursor<T>(Func<string, T?> tryParse)
        where T : class
    {
        if (GetSingle(QueryParameters.Cursor) is not { } text)
        {
            return null;
        }

        var cursor = tryParse(text);
        if (cursor is null)
        {
            AddError(QueryParameters.Cursor, "must be one that a page gave.");
        }

        return cursor;
    }

    public string? ParseText(RequestParameter parameter)
    {
        var text = GetSingle(parameter);
        if (text is null || (text.Length <= parameter.MaxLength && StringRules.IsStorable(text)))
        {
            return text;
        }

        AddError(parameter, $"must be 1-{parameter.MaxLength} characters without control characters.");
        return null;
    }

    /// <summary>As text, but <c>''</c> if the parameter is blank: it selects what has none.</summary>
    public string? ParseTextOrNone(RequestParameter parameter) =>
        query[parameter.Name] is { Count: 1 } value && value.IsBlank() ? "" : ParseText(parameter);

    // Also of unknown parameters. White space includes control characters, and .NET ignores NULs after a number.
    private void RejectControlCharacters()
    {
        Errors.AddRange(query.Names
            .Where(name => query[name].Append(name).Any(text => StringRules.HasControlCharacters(text!)))
            .Except(Errors.Select(error => error.PropertyName))
            .Order(StringComparer.Ordinal)
            .Take(MaxReported)
            .Select(name => new ValidationFailure(name, $"{name} must not have control characters."))
            .ToList());
    }

    private RequestedRange CreateRange(Boundary? start, Boundary? end, DateTimeZone zone)
    {
        if (start is null)
        {
            return end is null ? RequestedRange.All : new(new TimeRange(null, end.To(zone)));
        }

        var last = end ?? new Boundary(now.DayIn(zone), null);
        if (end is not null && start.IsDay != end.IsDay)
        {
            AddError(QueryParameters.StartDate, "must be of the same kind as end_date: both days or both instants.");
            AddError(QueryParameters.EndDate, "must be of the same kind as start_date: both days or both instants.");
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
            AddError(QueryParameters.StartDate, "must be before the end of today.");
            return;
        }

        AddError(QueryParameters.StartDate, end.IsDay ? "must be before the end of end_date." : "must be before end_date.");
        AddError(QueryParameters.EndDate, end.IsDay ? "must not be before start_date." : "must be after start_date.");
    }

    private Boundary? ParseBoundary(RequestParameter parameter, DateTimeZone zone)
    {
        var text = GetSingle(parameter);
        if (text is null)
        {
            return null;
        }

        if (DayPattern.Parse(text).TryGetValue(default, out var day) && day.Year is >= FirstYear and <= LastYear)
        {
            RejectSkippedDay(parameter, day, zone);
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

        AddError(
            parameter,
            "must be a day (2026-11-01) or an instant with its offset (2026-11-01T00:00:00+05:30), "
            + $"in the years {FirstYear} to {LastYear}.");
        return null;
    }

    private void RejectSkippedDay(RequestParameter parameter, LocalDate day, DateTimeZone zone)
    {
        if (zone.IsSkipped(day))
        {
            AddError(parameter, $"must not be {DayPattern.Format(day)}, a day that {zone.Id} skipped.");
        }
    }

    private Boundary? CreateInstantBoundary(RequestParameter parameter, Instant time)
    {
        var boundary = new Timestamp(time.ToUnixTimeMilliseconds());
        if (TimeZoneExtensions.ToInstant(boundary) == time && TimeZoneExtensions.IsQuarterHourAligned(boundary))
        {
            return new(null, boundary);
        }

        AddError(parameter, "must be on a 15-minute mark of UTC.");
        return null;
    }

    private string? ParseSpaceToken()
    {
        var token = GetSingle(QueryParameters.SpaceToken);
        if (token is not null && !SpaceToken.IsValid(token))
        {
            AddError(QueryParameters.SpaceToken, SpaceToken.ValidationMessage);
        }

        return token;
    }

    private string[]? ParseAgents()
    {
        var name = QueryParameters.Agent.Name;
        if (query[name].Count == 0)
        {
            return null;
        }

        var validator = new FieldValidator();
        string[] agents = [.. query[name].Select(agent => validator.Agent(name, agent)).Distinct().Order(StringComparer.Ordinal)];
        if (validator.Error is { } error)
        {
            Errors.Add(new(name, error));
        }

        return agents;
    }

    private Direction? ParseDirection()
    {
        var name = GetSingle(QueryParameters.Direction);
        if (name is null)
        {
            return query[QueryParameters.Direction.Name].Count == 0 ? null : Direction.None;
        }

        var direction = Directions.Parse(name);
        if (direction == Direction.None)
        {
            AddError(QueryParameters.Direction, "must be inbound, outbound or blank.");
        }

        return direction;
    }

    /// <summary>Either a whole local day or an instant.</summary>
    private sealed record Boundary(LocalDate? Day, Timestamp? Time)
    {
        public bool IsDay => Day is not null;

        public Timestamp? From(DateTimeZone zone) => Day is { } day ? zone.StartOf(day) : Time;

        public Timestamp? To(DateTimeZone zone) => Day is { } day ? zone.StartOf(day.PlusDays(1)) : Time;
    }
}
