using System.Globalization;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;
using NodaTime;
using NodaTime.Text;
using Instant = Analytics.Domain.Instant;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Reads the parameters of a query and keeps every rule that they break. Where one is broken, what is read stands in for it.</summary>
internal sealed class InputReader(RawQuery inputs, Slot now)
{
    public const int FirstYear = 1900;

    private const int LastYear = 9998;
    /// <summary>More unknown names than these are not worth an answer of their own each.</summary>
    private const int MostNamed = 20;

    private const int MaxLimit = 1000;
    private const int DefaultLimit = 100;
    private const string DateRanges = "today, yesterday, 24h, 7d, 28d, 30d, 91d, month, 6mo, 12mo, year, all";

    private static readonly LocalDatePattern DayPattern = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    private static readonly OffsetDateTimePattern[] InstantPatterns =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.FFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<Z+HH:mm>"),
    ];

    private static readonly (string, AnswerFormat)[] Formats = [("json", AnswerFormat.Json), ("csv", AnswerFormat.Csv), ("ndjson", AnswerFormat.Ndjson)];

    private static readonly (string, Blocks Block)[] AllBlocks =
    [
        ("reconciliation", Blocks.Reconciliation), ("components", Blocks.Components), ("meta", Blocks.Meta), ("total", Blocks.Total),
    ];

    private readonly List<InputProblem> _problems = [];

    public IReadOnlyList<InputProblem> Problems => _problems;

    public void Refuse(string name, string message) => _problems.Add(new(name, message));

    /// <summary>Refuses what was given and means nothing.</summary>
    public void RefuseUnknown(IReadOnlyCollection<string> knownNames)
    {
        foreach (var name in UnknownOf(knownNames).Take(MostNamed))
        {
            Refuse(name, $"{name} is not known here; known are {string.Join(", ", knownNames)}.");
        }
    }

    /// <summary>The names that were given and mean nothing, ordinal.</summary>
    public IEnumerable<string> UnknownOf(IEnumerable<string> knownNames) => inputs.Names.Except(knownNames).Order(StringComparer.Ordinal);

    /// <summary>The value of a parameter that may be given once; a blank one is absent.</summary>
    public string? ReadOne(string name)
    {
        var values = inputs[name];
        if (values.Count > 1)
        {
            Refuse(name, $"{name} must be given only once.");
            return null;
        }

        return string.IsNullOrWhiteSpace(values) ? null : values.ToString();
    }

    /// <summary>What one of some words stands for.</summary>
    public T? ReadWord<T>(string name, (string Word, T Value)[] words)
        where T : struct
    {
        var word = ReadOne(name);
        if (word is null)
        {
            return null;
        }

        foreach (var known in words.Where(known => known.Word == word))
        {
            return known.Value;
        }

        Refuse(name, $"{name} must be {(words.Length > 1 ? "one of " : "")}{Listed(words)}.");
        return null;
    }

    /// <summary>What the words of a list stand for, in its order; empty where it is absent.</summary>
    public IReadOnlyList<T> ReadWords<T>(string name, (string Word, T Value)[] words)
    {
        var given = ReadOne(name)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        if (!given.All(word => words.Any(known => known.Word == word)))
        {
            Refuse(name, $"{name} must be a comma-separated list of {Listed(words)}.");
            return [];
        }

        return [.. given.Select(word => words.First(known => known.Word == word).Value)];
    }

    public DateTimeZone ReadZone()
    {
        var id = ReadOne(ParameterNames.Timezone);
        if (id is null)
        {
            return DateTimeZone.Utc;
        }

        // Asked for an id, the provider also makes zones of fixed offsets, which are no names of IANA's.
        if (DateTimeZoneProviders.Tzdb.Ids.Contains(id))
        {
            return DateTimeZoneProviders.Tzdb[id];
        }

        Refuse(ParameterNames.Timezone, $"{ParameterNames.Timezone} must be the IANA name of a time zone, such as Asia/Kolkata, in its exact case.");
        return DateTimeZone.Utc;
    }

    public AskedRange ReadRange(DateTimeZone zone)
    {
        var known = _problems.Count;
        var word = ReadOne(ParameterNames.DateRange);
        var start = ReadEdge(ParameterNames.StartDate);
        var end = ReadEdge(ParameterNames.EndDate);
        var range = word is null ? null : RangeNamed(word, zone);

        if (word is not null && range is null)
        {
            Refuse(ParameterNames.DateRange, $"{ParameterNames.DateRange} must be one of {DateRanges}.");
        }

        if (word is not null && !(inputs[ParameterNames.StartDate].IsNullOrWhiteSpace() && inputs[ParameterNames.EndDate].IsNullOrWhiteSpace()))
        {
            Refuse(ParameterNames.DateRange, $"{ParameterNames.DateRange} must not be given together with {ParameterNames.StartDate} or {ParameterNames.EndDate}.");
        }

        if (_problems.Count > known)
        {
            return AskedRange.All;
        }

        range ??= RangeBetween(start, end, zone);
        if (end is null)
        {
            RequireMarks(word is null ? ParameterNames.StartDate : ParameterNames.DateRange, zone, [range.Window.From, range.Window.To]);
        }
        else
        {
            RequireMarks(ParameterNames.StartDate, zone, [range.Window.From]);
            RequireMarks(ParameterNames.EndDate, zone, [range.Window.To]);
        }

        return range;
    }

    public void RequireMarks(string name, DateTimeZone zone, IEnumerable<Instant?> edges)
    {
        if (!edges.All(LocalTime.IsOnMark))
        {
            Refuse(name, $"{name} must have its edges on 15-minute marks of UTC, which the clocks of {zone.Id} did not keep to then.");
        }
    }

    public TaskFilter ReadFilter()
    {
        var filter = new TaskFilter { SpaceToken = ReadSpaceToken(), Agents = ReadAgents(), Direction = ReadDirection() };
        return filter == TaskFilter.None ? TaskFilter.None : filter;
    }

    public AnswerFormat? ReadFormat() => ReadWord(ParameterNames.Format, Formats);

    public int ReadLimit()
    {
        var text = ReadOne(ParameterNames.Limit);
        if (text is null)
        {
            return DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
        {
            return limit;
        }

        Refuse(ParameterNames.Limit, $"{ParameterNames.Limit} must be a whole number from 1 to {MaxLimit}.");
        return DefaultLimit;
    }

    public Blocks ReadBlocks(Blocks allowed) =>
        ReadWords(ParameterNames.Include, [.. AllBlocks.Where(known => allowed.HasFlag(known.Block))]).Aggregate(Blocks.None, (all, block) => all | block);

    private static string Listed<T>((string Word, T Value)[] words) => string.Join(", ", words.Select(known => known.Word));

    private AskedRange? RangeNamed(string word, DateTimeZone zone)
    {
        var today = Today(zone);
        var month = new LocalDate(today.Year, today.Month, 1);
        return word switch
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
            "all" => AskedRange.All,
            _ => null,
        };

        AskedRange Days(int first, int last) => RangeOf(new(today.PlusDays(first), today.PlusDays(last)));

        AskedRange Months(LocalDate first, int count) => RangeOf(new(first, first.PlusMonths(count).PlusDays(-1)), count);

        AskedRange RangeOf(DateInterval days, int? months = null) => new(zone.RangeOf(days), days, months);
    }

    private AskedRange RangeBetween(Edge? start, Edge? end, DateTimeZone zone)
    {
        if (start is null)
        {
            return end is null ? AskedRange.All : new(new TimeRange(null, end.To(zone)));
        }

        var last = end ?? new Edge(Today(zone), null);
        if (end is not null && start.IsDay != end.IsDay)
        {
            Refuse(ParameterNames.EndDate, $"{ParameterNames.EndDate} must be of the same kind as {ParameterNames.StartDate}: both days or both instants.");
            return AskedRange.All;
        }

        var window = new TimeRange(start.From(zone), last.To(zone));
        if (window.From >= window.To)
        {
            Refuse(ParameterNames.StartDate, $"{ParameterNames.StartDate} must be before {(end is null ? "the end of today" : end.IsDay ? $"the end of {ParameterNames.EndDate}" : ParameterNames.EndDate)}.");
            return AskedRange.All;
        }

        return new(window, start.Day is { } firstDay && last.Day is { } lastDay ? new DateInterval(firstDay, lastDay) : null);
    }

    private Edge? ReadEdge(string name)
    {
        var text = ReadOne(name);
        if (text is null)
        {
            return null;
        }

        if (DayPattern.Parse(text).TryGetValue(default, out var day) && day.Year is >= FirstYear and <= LastYear)
        {
            return new(day, null);
        }

        // A + that was not encoded arrives as a blank.
        var spelled = text.Replace(' ', '+');
        foreach (var pattern in InstantPatterns)
        {
            if (pattern.Parse(spelled).TryGetValue(default, out var time) && time.Year is >= FirstYear and <= LastYear)
            {
                return EdgeAt(name, time.ToInstant());
            }
        }

        Refuse(name, $"{name} must be a day (2026-11-01) or an instant with its offset (2026-11-01T00:00:00+05:30), in the years {FirstYear} to {LastYear}.");
        return null;
    }

    private Edge? EdgeAt(string name, NodaTime.Instant time)
    {
        if (time.ToUnixTimeTicks() % (Slot.Milliseconds * NodaConstants.TicksPerMillisecond) == 0)
        {
            return new(null, new Instant(time.ToUnixTimeMilliseconds()));
        }

        Refuse(name, $"{name} must be on a 15-minute mark of UTC.");
        return null;
    }

    private string? ReadSpaceToken()
    {
        var token = ReadOne(ParameterNames.SpaceToken);
        if (token is not null && !SpaceToken.IsValid(token))
        {
            Refuse(ParameterNames.SpaceToken, $"{ParameterNames.SpaceToken} {SpaceToken.Rule}");
        }

        return token;
    }

    private string[]? ReadAgents()
    {
        var values = inputs[ParameterNames.Agent];
        if (values.Count == 0)
        {
            return null;
        }

        var rules = new FieldRules();
        string[] agents = [.. values.Select(agent => rules.Agent(ParameterNames.Agent, agent)).Distinct().Order(StringComparer.Ordinal)];
        if (rules.Reason is { } reason)
        {
            Refuse(ParameterNames.Agent, reason);
        }

        return agents;
    }

    private Direction? ReadDirection()
    {
        var name = ReadOne(ParameterNames.Direction);
        if (name is null)
        {
            return inputs[ParameterNames.Direction].Count == 0 ? null : Direction.None;
        }

        var direction = Directions.Named(name);
        if (direction == Direction.None)
        {
            Refuse(ParameterNames.Direction, $"{ParameterNames.Direction} must be inbound, outbound or blank.");
        }

        return direction;
    }

    private LocalDate Today(DateTimeZone zone) => zone.At(now.Start).Date;

    /// <summary>A start or an end: a whole day, or an instant.</summary>
    private sealed record Edge(LocalDate? Day, Instant? Instant)
    {
        public bool IsDay => Day is not null;

        public Instant? From(DateTimeZone zone) => Day is { } day ? zone.StartOf(day) : Instant;

        public Instant? To(DateTimeZone zone) => Day is { } day ? zone.StartOf(day.PlusDays(1)) : Instant;
    }
}
