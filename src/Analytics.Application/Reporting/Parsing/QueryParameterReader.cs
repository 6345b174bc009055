using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using FluentValidation.Results;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Parses query parameters and collects all errors. An invalid parameter is read as its default.</summary>
internal sealed class QueryParameterReader(RawQuery query)
{
    private const int MaxReported = 20;

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

    public bool IsGiven(RequestParameter parameter) => !query[parameter.Name].IsBlank();

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
}
