using Analytics.Application.Requests;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Decides what a query asks for, from its parameters and the slot that holds the present.</summary>
public static class Planner
{
    private const int MostIgnored = 20;
    private const int MostDimensions = 2;

    private static readonly string[] KnownNames =
    [
        ParameterNames.SpaceToken, ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate, ParameterNames.Timezone, ParameterNames.Interval, ParameterNames.GroupBy,
        ParameterNames.Agent, ParameterNames.Direction, ParameterNames.Compare, ParameterNames.Include, ParameterNames.Fill, ParameterNames.Limit, ParameterNames.Format,
    ];

    private static readonly (string Word, Interval Interval)[] Intervals =
        [("hour", Interval.Hour), ("day", Interval.Day), ("week", Interval.Week), ("month", Interval.Month)];

    private static readonly (string, Dimension)[] Dimensions =
        [("space", Dimension.Space), ("agent", Dimension.Agent), ("direction", Dimension.Direction)];

    private static readonly (string, Earlier)[] Earliers = [("previous_period", Earlier.PreviousPeriod), ("previous_year", Earlier.PreviousYear)];

    private static readonly (string, bool LeavesOut)[] Fills = [("zero", false), ("none", true)];

    private static readonly Planned<Plan> Everything = PlanOf(RawQuery.Empty, default);

    /// <summary>The plan, or all the problems of the parameters.</summary>
    /// <param name="inputs">The parameters.</param>
    /// <param name="now">The slot that holds the present.</param>
    public static Planned<Plan> Plan(RawQuery inputs, Slot now) => inputs.IsEmpty ? Everything : KeptPlans.Get(inputs, now) ?? KeptPlans.Keep(inputs, now, PlanOf(inputs, now));

    /// <summary>The problem of a table that would hold both a series and groups, if the plan asks for that.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="format">The form of the answer, by <c>format</c> or else by <c>Accept</c>.</param>
    public static InputProblem? RefuseTable(Plan plan, AnswerFormat format) =>
        format != AnswerFormat.Json && plan is { Interval: not null, GroupBy.Count: > 0 }
            ? new(ParameterNames.Format, $"{ParameterNames.Format} must be json where both {ParameterNames.Interval} and {ParameterNames.GroupBy} are given: csv and ndjson hold one table.")
            : null;

    /// <summary>What cannot be asked of a stream, whose events are JSON.</summary>
    /// <param name="inputs">The parameters.</param>
    internal static IReadOnlyList<InputProblem> RefuseOnStream(RawQuery inputs)
    {
        var reader = new InputReader(inputs, default);
        reader.RefuseUnknown(KnownNames);
        if (inputs[ParameterNames.Format].ToString() is "csv" or "ndjson")
        {
            reader.Refuse(ParameterNames.Format, $"{ParameterNames.Format} must be json on a stream.");
        }

        return reader.Problems;
    }

    /// <summary>How callers spell an interval.</summary>
    internal static string NameOf(Interval interval) => Intervals.First(known => known.Interval == interval).Word;

    private static Planned<Plan> PlanOf(RawQuery inputs, Slot now)
    {
        var reader = new InputReader(inputs, now);
        var zone = reader.ReadZone();
        var problemsOfZone = reader.Problems.Count;
        var range = reader.ReadRange(zone);
        var isDecided = reader.Problems.Count == problemsOfZone;
        var interval = reader.ReadWord(ParameterNames.Interval, Intervals);
        var earlier = reader.ReadWord(ParameterNames.Compare, Earliers);

        var asked = new Plan
        {
            Zone = zone,
            Window = range.Window,
            Filter = reader.ReadFilter(),
            Interval = interval,
            Buckets = isDecided && interval is { } length ? BucketsOf(reader, length, range, zone, now) : [],
            LeavesOutEmptyBuckets = reader.ReadWord(ParameterNames.Fill, Fills) ?? false,
            GroupBy = ReadDimensions(reader),
            Limit = reader.ReadLimit(),
            Comparison = isDecided && earlier is { } which ? ComparisonOf(reader, which, range, zone, now) : null,
            Include = reader.ReadBlocks(Blocks.Reconciliation | Blocks.Components | Blocks.Meta),
            Ignored = [.. reader.UnknownOf(KnownNames).Take(MostIgnored)],
            Question = "",
        };

        if (reader.ReadFormat() is { } format && RefuseTable(asked, format) is { } problem)
        {
            reader.Refuse(problem.Name, problem.Message);
        }

        return reader.Problems.Count > 0 ? new(null, reader.Problems) : new(asked with { Question = QuestionText.Of(asked) }, []);
    }

    private static IReadOnlyList<Dimension> ReadDimensions(InputReader reader)
    {
        var dimensions = reader.ReadWords(ParameterNames.GroupBy, Dimensions);
        if (dimensions.Count > MostDimensions || dimensions.Distinct().Count() < dimensions.Count)
        {
            reader.Refuse(ParameterNames.GroupBy, $"{ParameterNames.GroupBy} must be one or two different of space, agent, direction.");
        }

        return dimensions;
    }

    private static IReadOnlyList<Bucket> BucketsOf(InputReader reader, Interval interval, AskedRange range, DateTimeZone zone, Slot now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            RefuseWithoutBound(reader, ParameterNames.Interval);
            return [];
        }

        // Whole days are counted as such: where clocks skip midnight, a day begins and the one before ends later.
        var isTooLong = range.Days is { } days
            ? Series.IsTooLong(interval, days.Start.AtMidnight(), days.End.PlusDays(1).AtMidnight())
            : Series.IsTooLong(interval, zone.At(from), zone.At(to));
        if (isTooLong)
        {
            reader.Refuse(ParameterNames.Interval, $"{ParameterNames.Interval} {Series.Limit(interval)}");
            return [];
        }

        var buckets = Series.Buckets(interval, from, to, zone, now);
        reader.RequireMarks(ParameterNames.Interval, zone, buckets.Select(bucket => (Domain.Instant?)bucket.To));
        return buckets;
    }

    private static Comparison? ComparisonOf(InputReader reader, Earlier earlier, AskedRange range, DateTimeZone zone, Slot now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            RefuseWithoutBound(reader, ParameterNames.Compare);
            return null;
        }

        var comparison = EarlierWindows.Comparison(earlier, range, from, to, zone, now);
        if (zone.At(comparison.Earlier.From!.Value).Year < InputReader.FirstYear)
        {
            reader.Refuse(ParameterNames.Compare, $"{ParameterNames.Compare} must not reach back before the year {InputReader.FirstYear}.");
        }

        reader.RequireMarks(ParameterNames.Compare, zone, [comparison.Earlier.From, comparison.Earlier.To]);
        return comparison;
    }

    private static void RefuseWithoutBound(InputReader reader, string name) =>
        reader.Refuse(name, $"{name} must come with a lower bound: {ParameterNames.StartDate}, or a {ParameterNames.DateRange} other than all.");
}
