using Analytics.Application.Reporting.Parsing;
using Analytics.Domain;
using Analytics.Application.Tests.Reporting.Parsing;

namespace Analytics.FunctionalTests.Support;

/// <summary>What a question's times are, found out by walking through the system's own clocks.</summary>
internal sealed class NaiveWindows
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private readonly string _zone;
    private readonly Timestamp _slotStart;
    private readonly (DateTime First, DateTime Last, int? Months)? _days;

    public NaiveWindows(RandomQuestion question, Timestamp now)
    {
        _zone = question.Zone;
        _slotStart = new(now.UnixMilliseconds - (now.UnixMilliseconds % (long)Quarter.TotalMilliseconds));
        _days = DaysOf(question.Range);
        (From, To) = WindowOf(question.Range);
        Refused = Refusals(question).ToDictionary();
        if (Refused.Count == 0 && question.Interval is not null)
        {
            Buckets = BucketsOf(Enum.Parse<Interval>(question.Interval, ignoreCase: true));
        }

        if (Refused.Count == 0 && question.Compare is not null)
        {
            (Earlier, Current) = Compared(question.Compare);
        }
    }

    /// <summary>Which parameters are a 400, and what it says.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; }

    public Timestamp? From { get; }

    public Timestamp? To { get; }

    public IReadOnlyList<(Timestamp From, Timestamp To)> Buckets { get; } = [];

    public (Timestamp From, Timestamp To) Earlier { get; }

    public (Timestamp From, Timestamp To) Current { get; }

    private Timestamp SlotEnd => _slotStart + Quarter;

    private DateTime Today => Walk.Date(_slotStart, _zone);

    public bool IsOver((Timestamp From, Timestamp To) bucket) => bucket.To <= _slotStart;

    /// <summary>An instant as the zone's clocks show it.</summary>
    public string Shown(Timestamp instant)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds);
        return $"{utc.ToOffset(Walk.Local(instant, _zone) - utc.UtcDateTime):yyyy-MM-ddTHH:mm:sszzz}";
    }

    private (DateTime First, DateTime Last, int? Months)? DaysOf(RandomRange range)
    {
        var month = Today.AddDays(1 - Today.Day);
        return range switch
        {
            { Word: "today" } => (Today, Today, null),
            { Word: "yesterday" } => (Today.AddDays(-1), Today.AddDays(-1), null),
            { Word: "7d" } => (Today.AddDays(-7), Today.AddDays(-1), null),
            { Word: "28d" } => (Today.AddDays(-28), Today.AddDays(-1), null),
            { Word: "30d" } => (Today.AddDays(-30), Today.AddDays(-1), null),
            { Word: "91d" } => (Today.AddDays(-91), Today.AddDays(-1), null),
            { Word: "month" } => (month, month.AddMonths(1).AddDays(-1), 1),
            { Word: "6mo" } => (month.AddMonths(-6), month.AddDays(-1), 6),
            { Word: "12mo" } => (month.AddMonths(-12), month.AddDays(-1), 12),
            { Word: "year" } => (new DateTime(Today.Year, 1, 1), new DateTime(Today.Year, 12, 31), 12),
            { FirstDay: { } first } => (first, range.LastDay ?? Today, null),
            _ => null,
        };
    }

    private (Timestamp?, Timestamp?) WindowOf(RandomRange range) => range switch
    {
        { Word: "24h" } => (SlotEnd - TimeSpan.FromHours(24), SlotEnd),
        { From: { } from, To: null } => (from, DayAfter(Today)),
        { FirstDay: null, LastDay: { } last } => (null, DayAfter(last)),
        _ when _days is var (first, last, _) => (Walk.FirstOf(first, _zone), DayAfter(last)),
        _ => (range.From, range.To),
    };

    private Timestamp DayAfter(DateTime day) => Walk.FirstOf(day.AddDays(1), _zone);

    private IEnumerable<(string, string)> Refusals(RandomQuestion question)
    {
        if (From >= To && question.Range.Word is null)
        {
            yield return ("start_date", "start_date must be before");
            yield break;
        }

        if (question.Compare is not null && From is null)
        {
            yield return ("compare", "compare must come with a lower bound");
        }

        if (question.Interval is not null && From is null)
        {
            yield return ("interval", "interval must come with a lower bound");
        }
        else if (question.Interval is { } interval && LongerThan(interval) is { } limit)
        {
            yield return ("interval", limit);
        }
    }

    private string? LongerThan(string interval)
    {
        var (from, to) = _days is var (first, last, _) ? (first, last.AddDays(1)) : (Walk.Local(From!.Value, _zone), Walk.Local(To!.Value, _zone));
        return interval switch
        {
            "hour" => from.AddDays(35) < to ? "35 days" : null,
            "day" => from.AddDays(366) < to ? "366 days" : null,
            _ => from < to.AddYears(-10) ? "10 years" : null,
        };
    }

    private List<(Timestamp, Timestamp)> BucketsOf(Interval interval)
    {
        Timestamp[] edges = [From!.Value, .. Walk.Starts(interval, From.Value, To!.Value, _zone), To.Value];
        return [.. edges.Zip(edges.Skip(1)).Where(bucket => bucket.First < bucket.Second)];
    }

    private ((Timestamp, Timestamp) Earlier, (Timestamp, Timestamp) Current) Compared(string compare)
    {
        var (from, to) = (From!.Value, To!.Value);
        var (earlierFrom, earlierTo) = (compare, _days) switch
        {
            ("previous_period", (var first, _, { } months)) => (Walk.FirstOf(first.AddMonths(-months), _zone), from),
            ("previous_period", (var first, var last, _)) => (Walk.FirstOf(first - (last.AddDays(1) - first), _zone), from),
            ("previous_period", _) => (from - (At(to) - At(from)), from),
            (_, (var first, var last, _)) => (Walk.FirstOf(first.AddYears(-1), _zone), DayAfter(last.AddYears(-1))),
            _ => (YearBefore(from), YearBefore(to)),
        };
        if (earlierTo < earlierFrom)
        {
            earlierTo = earlierFrom;
        }

        if (from > _slotStart || to <= _slotStart)
        {
            return ((earlierFrom, earlierTo), (from, to));
        }

        var elapsed = At(SlotEnd) - At(from);
        return ((earlierFrom, earlierFrom + elapsed < earlierTo ? earlierFrom + elapsed : earlierTo), (from, SlotEnd));
    }

    /// <summary>When the clock showed the same a year before, at first; what it skipped, as if it had not yet been changed.</summary>
    private Timestamp YearBefore(Timestamp instant)
    {
        var sought = Walk.Local(instant, _zone).AddYears(-1);
        var utc = Timestamp.From(new DateTimeOffset(sought, TimeSpan.Zero));
        var reached = Walk.Marks(utc - TimeSpan.FromHours(15), utc + TimeSpan.FromHours(49)).First(mark => Walk.Local(mark, _zone) >= sought);
        return reached + (sought - Walk.Local(reached - Quarter, _zone) - Quarter);
    }

    private static DateTimeOffset At(Timestamp instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds);
}
