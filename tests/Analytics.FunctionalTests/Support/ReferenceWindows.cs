using Analytics.Application.Reporting.Parsing;
using Analytics.Domain;
using Analytics.Application.Tests.Reporting.Parsing;

namespace Analytics.FunctionalTests.Support;

/// <summary>The time ranges of a query, found by iterating over the system's own time zones.</summary>
internal sealed class ReferenceWindows
{
    private static readonly TimeSpan QuarterHourLength = TimeSpan.FromMinutes(15);

    private readonly string _zone;
    private readonly Timestamp _quarterHourStart;
    private readonly (DateTime First, DateTime Last, int? Months)? _days;

    public ReferenceWindows(RandomRequest request, Timestamp now)
    {
        _zone = request.Zone;
        _quarterHourStart = new(now.UnixMilliseconds - (now.UnixMilliseconds % (long)QuarterHourLength.TotalMilliseconds));
        _days = GetDays(request.Range);
        (From, To) = GetWindow(request.Range);
        ExpectedErrors = FindErrors(request).ToDictionary();
        if (ExpectedErrors.Count == 0 && request.Interval is not null)
        {
            Buckets = CreateBuckets(request.Interval, From!.Value, To!.Value);
        }

        if (ExpectedErrors.Count == 0 && request.Compare is not null)
        {
            (var wholeEarlier, Earlier, Current) = GetComparisonWindows(request.Compare);
            EarlierBuckets = request.Interval is null ? [] : CreateBuckets(request.Interval, wholeEarlier.From, wholeEarlier.To);
        }
    }

    // Which parameters cause a 400, and its message.
    public IReadOnlyDictionary<string, string> ExpectedErrors { get; }

    public Timestamp? From { get; }

    public Timestamp? To { get; }

    public IReadOnlyList<(Timestamp From, Timestamp To)> Buckets { get; } = [];

    // Of the whole earlier window.
    public IReadOnlyList<(Timestamp From, Timestamp To)> EarlierBuckets { get; } = [];

    public (Timestamp From, Timestamp To) Earlier { get; }

    public (Timestamp From, Timestamp To) Current { get; }

    private Timestamp QuarterHourEnd => _quarterHourStart + QuarterHourLength;

    private DateTime Today => ReferenceClock.ToLocalDate(_quarterHourStart, _zone);

    private DateTime Monday => Today.AddDays(-(((int)Today.DayOfWeek + 6) % 7));

    public string Now => FormatLocal(_quarterHourStart);

    // The window before (-1) or after (1), as the parameters start_date and end_date; null if there is none.
    public (string Start, string End)? GetAdjacent(int step)
    {
        if (From is not { } from || To is not { } to)
        {
            return null;
        }

        if (_days is not var (first, last, months))
        {
            var shift = (ToDateTimeOffset(to) - ToDateTimeOffset(from)) * step;
            return (FormatLocal(from + shift), FormatLocal(to + shift));
        }

        var length = (last - first).Days + 1;
        var start = months is { } count ? first.AddMonths(step * count) : first.AddDays(step * length);
        var end = months is { } sameCount ? start.AddMonths(sameCount).AddDays(-1) : start.AddDays(length - 1);
        if (StartOfDay(start) == StartOfNextDay(end))
        {
            return null;
        }

        // No parameter may name a day that the zone skipped.
        start = IsSkipped(start) ? start.AddDays(1) : start;
        end = IsSkipped(end) ? end.AddDays(-1) : end;
        return ($"{start:yyyy-MM-dd}", $"{end:yyyy-MM-dd}");
    }

    public string GetState((Timestamp From, Timestamp To) bucket) =>
        bucket.To <= _quarterHourStart ? "past" : bucket.From > _quarterHourStart ? "future" : "current";

    // The local time of an instant.
    public string FormatLocal(Timestamp instant)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds);
        return $"{utc.ToOffset(ReferenceClock.ToLocalTime(instant, _zone) - utc.UtcDateTime):yyyy-MM-ddTHH:mm:sszzz}";
    }

    private (DateTime First, DateTime Last, int? Months)? GetDays(RandomRange range)
    {
        var month = Today.AddDays(1 - Today.Day);
        return range switch
        {
            { Name: "today" } => (Today, Today, null),
            { Name: "yesterday" } => (Today.AddDays(-1), Today.AddDays(-1), null),
            { Name: "7d" } => (Today.AddDays(-7), Today.AddDays(-1), null),
            { Name: "28d" } => (Today.AddDays(-28), Today.AddDays(-1), null),
            { Name: "30d" } => (Today.AddDays(-30), Today.AddDays(-1), null),
            { Name: "91d" } => (Today.AddDays(-91), Today.AddDays(-1), null),
            { Name: "week" } => (Monday, Monday.AddDays(6), null),
            { Name: "month" } => (month, month.AddMonths(1).AddDays(-1), 1),
            { Name: "6mo" } => (month.AddMonths(-6), month.AddDays(-1), 6),
            { Name: "12mo" } => (month.AddMonths(-12), month.AddDays(-1), 12),
            { Name: "year" } => (new DateTime(Today.Year, 1, 1), new DateTime(Today.Year, 12, 31), 12),
            { FirstDay: { } first } => (first, range.LastDay ?? Today, null),
            _ => null,
        };
    }

    private (Timestamp?, Timestamp?) GetWindow(RandomRange range) => range switch
    {
        { Name: "24h" } => (QuarterHourEnd - TimeSpan.FromHours(24), QuarterHourEnd),
        { From: { } from, To: null } => (from, StartOfNextDay(Today)),
        { FirstDay: null, LastDay: { } last } => (null, StartOfNextDay(last)),
        _ when _days is var (first, last, _) => (ReferenceClock.StartOfDay(first, _zone), StartOfNextDay(last)),
        _ => (range.From, range.To),
    };

    private Timestamp StartOfDay(DateTime day) => ReferenceClock.StartOfDay(day, _zone);

    private Timestamp StartOfNextDay(DateTime day) => StartOfDay(day.AddDays(1));

    private bool IsSkipped(DateTime day) => ReferenceClock.IsSkipped(day, _zone);

    private IEnumerable<(string, string)> FindErrors(RandomRequest request)
    {
        (string Name, DateTime? Day)[] named = request.Range.Name is null
            ? [("start_date", request.Range.FirstDay), ("end_date", request.Range.LastDay)]
            : [("date_range", _days is var (first, last, _) && first == last ? first : null)];
        var skipped = named.Where(parameter => parameter.Day is { } day && IsSkipped(day)).ToList();
        if (skipped.Count > 0)
        {
            foreach (var (name, _) in skipped)
            {
                yield return (name, $"{name} must not be");
            }

            yield break;
        }

        if (From >= To)
        {
            yield return ("start_date", "start_date must be before");
            if (request.Range.End is not null)
            {
                yield return ("end_date", "end_date must ");
            }

            yield break;
        }

        if (request.Compare is not null && From is null)
        {
            yield return ("compare", "compare must come with a lower bound");
        }

        if (request.Interval is not null && From is null)
        {
            yield return ("interval", "interval must come with a lower bound");
        }
        else if (request.Interval is { } interval && GetExceededLimit(interval) is { } limit)
        {
            yield return ("interval", limit);
        }

        if (request.GroupBy.Intersect(["day_of_week", "hour_of_day"]).Any() && !IsAtMost92Days())
        {
            yield return ("group_by", "92 days");
        }
    }

    private bool IsAtMost92Days() => _days is var (first, last, _)
        ? first.AddDays(92) >= last.AddDays(1)
        : From is { } from && To is { } to
            && ReferenceClock.ToLocalTime(from, _zone).AddDays(92) >= ReferenceClock.ToLocalTime(to, _zone);

    private string? GetExceededLimit(string interval)
    {
        var (from, to) = _days is var (first, last, _) ? (first, last.AddDays(1))
            : (ReferenceClock.ToLocalTime(From!.Value, _zone), ReferenceClock.ToLocalTime(To!.Value, _zone));
        return interval switch
        {
            "hour" => from.AddDays(35) < to ? "35 days" : null,
            "day" => from.AddDays(366) < to ? "366 days" : null,
            _ => from < to.AddYears(-10) ? "10 years" : null,
        };
    }

    private List<(Timestamp, Timestamp)> CreateBuckets(string intervalName, Timestamp from, Timestamp to)
    {
        var interval = Enum.Parse<Interval>(intervalName, ignoreCase: true);
        Timestamp[] boundaries = [from, .. ReferenceClock.GetBucketStarts(interval, from, to, _zone), to];
        return [.. boundaries.Zip(boundaries.Skip(1)).Where(bucket => bucket.First < bucket.Second)];
    }

    private ((Timestamp From, Timestamp To) WholeEarlier, (Timestamp, Timestamp) Earlier, (Timestamp, Timestamp) Current)
        GetComparisonWindows(string compare)
    {
        var (from, to) = (From!.Value, To!.Value);
        var length = ToDateTimeOffset(to) - ToDateTimeOffset(from);
        var earlierFirst = (compare, _days) switch
        {
            (_, null) => default,
            ("previous_period", (var first, _, { } months)) => first.AddMonths(-months),
            ("previous_period", var (first, last, _)) => first - (last.AddDays(1) - first),
            (_, var (first, _, _)) => first.AddYears(-1),
        };
        var (earlierFrom, earlierTo) = (compare, _days) switch
        {
            ("previous_period", null) => (from - length, from),
            (_, null) => (SubtractLocalYear(from), SubtractLocalYear(from) + length),
            (_, (_, _, { } months)) => (StartOfDay(earlierFirst), StartOfDay(earlierFirst.AddMonths(months))),
            (_, var (first, last, _)) => (StartOfDay(earlierFirst), StartOfNextDay(earlierFirst + (last - first))),
        };
        if (from > _quarterHourStart || to <= QuarterHourEnd)
        {
            return ((earlierFrom, earlierTo), (earlierFrom, earlierTo), (from, to));
        }

        var correspondingTime = (compare, _days) switch
        {
            ("previous_period", null) => _quarterHourStart - length,
            ("previous_period", var (first, _, _)) =>
                ToInstant(ReferenceClock.ToLocalTime(_quarterHourStart, _zone) - (first - earlierFirst)),
            _ => SubtractLocalYear(_quarterHourStart),
        };
        Timestamp[] sorted = [.. new[] { earlierFrom, correspondingTime + QuarterHourLength, earlierTo }.Order()];
        return ((earlierFrom, earlierTo), (earlierFrom, sorted[1]), (from, QuarterHourEnd));
    }

    private Timestamp SubtractLocalYear(Timestamp instant) => ToInstant(ReferenceClock.ToLocalTime(instant, _zone).AddYears(-1));

    // The first time at which the clock showed this; for a skipped local time, as if the clock had not changed yet.
    private Timestamp ToInstant(DateTime localTime)
    {
        var utc = Timestamp.From(new DateTimeOffset(localTime, TimeSpan.Zero));
        var firstQuarterHour = ReferenceClock.GetQuarterHours(utc - TimeSpan.FromHours(15), utc + TimeSpan.FromHours(49))
            .First(quarterHour => ReferenceClock.ToLocalTime(quarterHour, _zone) >= localTime);
        return firstQuarterHour + (localTime - ReferenceClock.ToLocalTime(firstQuarterHour - QuarterHourLength, _zone) - QuarterHourLength);
    }

    private static DateTimeOffset ToDateTimeOffset(Timestamp instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds);
}
