using Analytics.Application.Requests;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Decides what a query asks for, from its parameters and the slot that holds the present.</summary>
public static class AnalyticsQueryParser
{
    private const int MaxIgnored = 20;
    private const int MaxDimensions = 2;

    private static readonly string[] KnownParameters =
    [
        ParameterNames.SpaceToken, ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate, ParameterNames.Timezone, ParameterNames.Interval, ParameterNames.GroupBy,
        ParameterNames.Agent, ParameterNames.Direction, ParameterNames.Compare, ParameterNames.Include, ParameterNames.Fill, ParameterNames.Limit, ParameterNames.Format,
    ];

    private static readonly (string Word, Interval Interval)[] Intervals =
        [("hour", Interval.Hour), ("day", Interval.Day), ("week", Interval.Week), ("month", Interval.Month)];

    private static readonly (string, Dimension)[] Dimensions =
        [("space", Dimension.Space), ("agent", Dimension.Agent), ("direction", Dimension.Direction)];

    private static readonly (string, ComparisonKind)[] CompareOptions = [("previous_period", ComparisonKind.PreviousPeriod), ("previous_year", ComparisonKind.PreviousYear)];

    private static readonly (string, bool LeavesOut)[] FillModes = [("zero", false), ("none", true)];

    private static readonly ParseResult<AnalyticsQueryPlan> Unfiltered = ParseUncached(RawQuery.Empty, default);

    /// <summary>The plan, or all the problems of the parameters.</summary>
    /// <param name="query">The parameters.</param>
    /// <param name="now">The slot that holds the present.</param>
    public static ParseResult<AnalyticsQueryPlan> Parse(RawQuery query, QuarterHour now) => query.IsEmpty ? Unfiltered : QueryPlanCache.Get(query, now) ?? QueryPlanCache.Add(query, now, ParseUncached(query, now));

    /// <summary>The problem of a table that would hold both a series and groups, if the plan asks for that.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="format">The form of the answer, by <c>format</c> or else by <c>Accept</c>.</param>
    public static ParameterError? ValidateTabular(AnalyticsQueryPlan plan, ResponseFormat format) =>
        format != ResponseFormat.Json && plan is { Interval: not null, GroupBy.Count: > 0 }
            ? new(ParameterNames.Format, $"{ParameterNames.Format} must be json where both {ParameterNames.Interval} and {ParameterNames.GroupBy} are given: csv and ndjson hold one table.")
            : null;

    /// <summary>What cannot be asked of a stream, whose events are JSON.</summary>
    /// <param name="query">The parameters.</param>
    internal static IReadOnlyList<ParameterError> ValidateStream(RawQuery query)
    {
        var reader = new QueryParameterReader(query, default);
        reader.RejectUnknown(KnownParameters);
        if (query[ParameterNames.Format].ToString() is "csv" or "ndjson")
        {
            reader.AddError(ParameterNames.Format, $"{ParameterNames.Format} must be json on a stream.");
        }

        return reader.Errors;
    }

    /// <summary>How callers spell an interval.</summary>
    internal static string GetName(Interval interval) => Intervals.First(known => known.Interval == interval).Word;

    private static ParseResult<AnalyticsQueryPlan> ParseUncached(RawQuery query, QuarterHour now)
    {
        var reader = new QueryParameterReader(query, now);
        var zone = reader.ParseTimeZone();
        var zoneErrorCount = reader.Errors.Count;
        var range = reader.ParseRange(zone);
        var isRangeValid = reader.Errors.Count == zoneErrorCount;
        var interval = reader.ParseEnum(ParameterNames.Interval, Intervals);
        var comparisonKind = reader.ParseEnum(ParameterNames.Compare, CompareOptions);

        var plan = new AnalyticsQueryPlan
        {
            Zone = zone,
            Window = range.Window,
            Filter = reader.ParseFilter(),
            Interval = interval,
            Buckets = isRangeValid && interval is { } bucketInterval ? BuildBuckets(reader, bucketInterval, range, zone, now) : [],
            OmitEmptyBuckets = reader.ParseEnum(ParameterNames.Fill, FillModes) ?? false,
            GroupBy = ParseDimensions(reader),
            Limit = reader.ParseLimit(),
            Comparison = isRangeValid && comparisonKind is { } kind ? BuildComparison(reader, kind, range, zone, now) : null,
            Include = reader.ParseInclude(IncludeOptions.Reconciliation | IncludeOptions.Components | IncludeOptions.Meta),
            Ignored = [.. reader.FindUnknown(KnownParameters).Take(MaxIgnored)],
            CacheKey = "",
        };

        if (reader.ParseFormat() is { } format && ValidateTabular(plan, format) is { } error)
        {
            reader.AddError(error.Name, error.Message);
        }

        return reader.Errors.Count > 0 ? new(null, reader.Errors) : new(plan with { CacheKey = CanonicalQuery.Create(plan) }, []);
    }

    private static IReadOnlyList<Dimension> ParseDimensions(QueryParameterReader reader)
    {
        var dimensions = reader.ParseEnums(ParameterNames.GroupBy, Dimensions);
        if (dimensions.Count > MaxDimensions || dimensions.Distinct().Count() < dimensions.Count)
        {
            reader.AddError(ParameterNames.GroupBy, $"{ParameterNames.GroupBy} must be one or two different of space, agent, direction.");
        }

        return dimensions;
    }

    private static IReadOnlyList<Bucket> BuildBuckets(QueryParameterReader reader, Interval interval, RequestedRange range, DateTimeZone zone, QuarterHour now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            AddMissingLowerBoundError(reader, ParameterNames.Interval);
            return [];
        }

        // Whole days are counted as such: where clocks skip midnight, a day begins and the one before ends later.
        var isTooLong = range.Days is { } days
            ? BucketBuilder.IsTooLong(interval, days.Start.AtMidnight(), days.End.PlusDays(1).AtMidnight())
            : BucketBuilder.IsTooLong(interval, zone.At(from), zone.At(to));
        if (isTooLong)
        {
            reader.AddError(ParameterNames.Interval, $"{ParameterNames.Interval} {BucketBuilder.GetLimitMessage(interval)}");
            return [];
        }

        var buckets = BucketBuilder.Build(interval, from, to, zone, now);
        reader.RequireQuarterHourAlignment(ParameterNames.Interval, zone, buckets.Select(bucket => (Domain.Timestamp?)bucket.To));
        return buckets;
    }

    private static Comparison? BuildComparison(QueryParameterReader reader, ComparisonKind kind, RequestedRange range, DateTimeZone zone, QuarterHour now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            AddMissingLowerBoundError(reader, ParameterNames.Compare);
            return null;
        }

        var comparison = ComparisonWindows.Create(kind, range, from, to, zone, now);
        if (zone.At(comparison.Earlier.From!.Value).Year < QueryParameterReader.FirstYear)
        {
            reader.AddError(ParameterNames.Compare, $"{ParameterNames.Compare} must not reach back before the year {QueryParameterReader.FirstYear}.");
        }

        reader.RequireQuarterHourAlignment(ParameterNames.Compare, zone, [comparison.Earlier.From, comparison.Earlier.To]);
        return comparison;
    }

    private static void AddMissingLowerBoundError(QueryParameterReader reader, string name) =>
        reader.AddError(name, $"{name} must come with a lower bound: {ParameterNames.StartDate}, or a {ParameterNames.DateRange} other than all.");
}
