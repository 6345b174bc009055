using Analytics.Application.Requests;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

public static class AnalyticsQueryParser
{
    private const int MaxIgnored = 20;

    private static readonly string[] KnownParameters =
    [
        ParameterNames.SpaceToken, ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate,
        ParameterNames.Timezone, ParameterNames.Interval, ParameterNames.GroupBy, ParameterNames.Agent, ParameterNames.Direction,
        ParameterNames.Compare, ParameterNames.Include, ParameterNames.Fill, ParameterNames.Limit, ParameterNames.Format,
    ];

    private static readonly ParseResult<AnalyticsQueryPlan> Unfiltered = ParseUncached(RawQuery.Empty, default);

    public static ParseResult<AnalyticsQueryPlan> Parse(RawQuery query, QuarterHour now) => query.IsEmpty
        ? Unfiltered
        : QueryPlanCache.Get(query, now) ?? QueryPlanCache.Add(query, now, ParseUncached(query, now));

    /// <summary>CSV and NDJSON have one table, so that a series and groups exclude each other.</summary>
    public static ParameterError? ValidateTabular(AnalyticsQueryPlan plan, ResponseFormat format) =>
        format != ResponseFormat.Json && plan is { Interval: not null, GroupBy.Count: > 0 }
            ? new(
                ParameterNames.Format,
                $"{ParameterNames.Format} must be json where both {ParameterNames.Interval} and {ParameterNames.GroupBy} are given: "
                + "csv and ndjson hold one table.")
            : null;

    /// <summary>Unlike a plain request, a stream rejects unknown parameters.</summary>
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

    internal static string GetName(Interval interval) => ParameterValues.Intervals.First(option => option.Value == interval).Name;

    private static ParseResult<AnalyticsQueryPlan> ParseUncached(RawQuery query, QuarterHour now)
    {
        var reader = new QueryParameterReader(query, now);
        var zone = reader.ParseTimeZone();
        var zoneErrorCount = reader.Errors.Count;
        var range = reader.ParseRange(zone);
        var isRangeValid = reader.Errors.Count == zoneErrorCount;
        var interval = reader.ParseEnum(ParameterNames.Interval, ParameterValues.Intervals);
        var comparisonKind = reader.ParseEnum(ParameterNames.Compare, ParameterValues.Comparisons);

        var plan = new AnalyticsQueryPlan
        {
            Zone = zone,
            Window = range.Window,
            Filter = reader.ParseFilter(),
            Interval = interval,
            Buckets = isRangeValid && interval is { } bucketInterval ? BuildBuckets(reader, bucketInterval, range, zone, now) : [],
            OmitEmptyBuckets = reader.ParseEnum(ParameterNames.Fill, ParameterValues.FillModes) ?? false,
            GroupBy = ParseDimensions(reader),
            Limit = reader.ParseLimit(),
            Comparison = isRangeValid && comparisonKind is { } kind ? BuildComparison(reader, kind, range, zone, now) : null,
            Include = reader.ParseInclude(ParameterValues.AnalyticsSections),
            Ignored = [.. reader.FindUnknown(KnownParameters).Take(MaxIgnored)],
            CacheKey = "",
        };

        if (reader.ParseFormat() is { } format && ValidateTabular(plan, format) is { } error)
        {
            reader.AddError(error.Name, error.Message);
        }

        return reader.Errors.Count > 0
            ? new(null, reader.Errors)
            : new(plan with { CacheKey = CanonicalQuery.Create(plan) }, []);
    }

    private static IReadOnlyList<Dimension> ParseDimensions(QueryParameterReader reader)
    {
        var dimensions = reader.ParseEnums(ParameterNames.GroupBy, ParameterValues.Dimensions);
        if (dimensions.Count > ParameterValues.MaxDimensions || dimensions.Distinct().Count() < dimensions.Count)
        {
            reader.AddError(ParameterNames.GroupBy, $"{ParameterNames.GroupBy} must be one or two different of space, agent, direction.");
        }

        return dimensions;
    }

    private static IReadOnlyList<Bucket> BuildBuckets(
        QueryParameterReader reader, Interval interval, RequestedRange range, DateTimeZone zone, QuarterHour now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            AddMissingLowerBoundError(reader, ParameterNames.Interval);
            return [];
        }

        // Counts local days: if the clocks skip midnight, the day starts later, and comparing its instants would be inexact.
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

    private static Comparison? BuildComparison(
        QueryParameterReader reader, ComparisonKind kind, RequestedRange range, DateTimeZone zone, QuarterHour now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            AddMissingLowerBoundError(reader, ParameterNames.Compare);
            return null;
        }

        var comparison = ComparisonWindows.Create(kind, range, from, to, zone, now);
        if (zone.At(comparison.Earlier.From!.Value).Year < QueryParameterReader.FirstYear)
        {
            reader.AddError(
                ParameterNames.Compare,
                $"{ParameterNames.Compare} must not reach back before the year {QueryParameterReader.FirstYear}.");
        }

        reader.RequireQuarterHourAlignment(ParameterNames.Compare, zone, [comparison.Earlier.From, comparison.Earlier.To]);
        return comparison;
    }

    private static void AddMissingLowerBoundError(QueryParameterReader reader, string name) => reader.AddError(
        name,
        $"{name} must come with a lower bound: {ParameterNames.StartDate}, or a {ParameterNames.DateRange} other than all.");
}
