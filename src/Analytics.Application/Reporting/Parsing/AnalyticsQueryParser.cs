using Analytics.Application.Requests;
using FluentValidation.Results;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

public static class AnalyticsQueryParser
{
    private const int MaxIgnored = 20;

    private static readonly ParseResult<AnalyticsQueryPlan> Unfiltered = ParseUncached(RawQuery.Empty, default);

    public static ParseResult<AnalyticsQueryPlan> Parse(RawQuery query, QuarterHour now) => query.IsEmpty
        ? Unfiltered
        : QueryPlanCache.Get(query, now) ?? QueryPlanCache.Add(query, now, ParseUncached(query, now));

    /// <summary>CSV and NDJSON have one table: the rows of a series, or of groups, or the totals.</summary>
    public static ValidationFailure? ValidateTabular(AnalyticsQueryPlan plan, ResponseFormat format)
    {
        var conflict = plan switch
        {
            _ when format == ResponseFormat.Json => null,
            { Interval: not null, GroupBy.Count: > 0 } => "both interval and group_by are given",
            { Comparison: not null } => "compare is given",
            _ when plan.Include.HasFlag(IncludeOptions.Meta) => "include holds meta",
            _ => null,
        };
        return conflict is null
            ? null
            : new(QueryParameters.Format.Name, $"format must be json where {conflict}: csv and ndjson hold one table.");
    }

    /// <summary>Unlike a plain request, a stream rejects unknown parameters.</summary>
    internal static IReadOnlyList<ValidationFailure> ValidateStream(RawQuery query)
    {
        var reader = new QueryParameterReader(query);
        reader.RejectUnknown(QueryParameters.OfStream);
        if (query[QueryParameters.Format.Name].ToString() is "csv" or "ndjson")
        {
            reader.AddError(QueryParameters.Format, "must be json on a stream.");
        }

        return reader.Errors;
    }

    private static ParseResult<AnalyticsQueryPlan> ParseUncached(RawQuery query, QuarterHour now)
    {
        var reader = new QueryParameterReader(query);
        var zone = reader.ParseTimeZone();
        var zoneErrorCount = reader.Errors.Count;
        var range = new RangeParser(reader, now, zone).Parse();
        var isRangeValid = reader.Errors.Count == zoneErrorCount;
        var interval = reader.ParseEnum(QueryParameters.Interval);
        var comparisonKind = reader.ParseEnum(QueryParameters.Compare);
        var filter = reader.ParseFilter();

        var plan = new AnalyticsQueryPlan
        {
            Zone = zone,
            Window = range.Window,
            Filter = filter,
            Interval = interval,
            Buckets = isRangeValid && interval is { } bucketInterval ? BuildBuckets(reader, bucketInterval, range, zone, now) : [],
            OmitEmptyBuckets = reader.ParseEnum(QueryParameters.Fill) == FillMode.None,
            GroupBy = Dimensions.Parse(reader, filter, isRangeValid ? range : null, zone),
            Limit = reader.ParseLimit(),
            Comparison = isRangeValid && comparisonKind is { } kind ? BuildComparison(reader, kind, range, interval, zone, now) : null,
            Include = reader.ParseInclude(QueryParameters.Include),
            Now = now,
            Previous = isRangeValid ? AdjacentWindows.Create(range, -1, zone) : null,
            Next = isRangeValid ? AdjacentWindows.Create(range, 1, zone) : null,
            Ignored = [.. reader.FindUnknown(QueryParameters.OfAnalytics).Take(MaxIgnored)],
        };

        if (reader.ParseEnum(QueryParameters.Format) is { } format && ValidateTabular(plan, format) is { } error)
        {
            reader.Errors.Add(error);
        }

        reader.RejectMisspelt(QueryParameters.OfAnalytics);
        return reader.ToResult(plan);
    }

    private static IReadOnlyList<Bucket> BuildBuckets(
        QueryParameterReader reader, Interval interval, RequestedRange range, DateTimeZone zone, QuarterHour now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            AddMissingLowerBoundError(reader, QueryParameters.Interval);
            return [];
        }

        // Counts local days: if the clocks skip midnight, the day starts later, and comparing its instants would be inexact.
        var isTooLong = range.Days is { } days
            ? BucketBuilder.IsTooLong(interval, days.Start.AtMidnight(), days.End.PlusDays(1).AtMidnight())
            : BucketBuilder.IsTooLong(interval, zone.At(from), zone.At(to));
        if (isTooLong)
        {
            reader.AddError(QueryParameters.Interval, BucketBuilder.GetLimitMessage(interval));
            return [];
        }

        var buckets = BucketBuilder.Build(interval, from, to, zone, now);
        reader.RequireQuarterHourAlignment(QueryParameters.Interval, zone, buckets.Select(bucket => (Domain.Timestamp?)bucket.To));
        return buckets;
    }

    private static Comparison? BuildComparison(
        QueryParameterReader reader, ComparisonKind kind, RequestedRange range, Interval? interval, DateTimeZone zone, QuarterHour now)
    {
        if (range.Window is not { From: { } from, To: { } to })
        {
            AddMissingLowerBoundError(reader, QueryParameters.Compare);
            return null;
        }

        var comparison = ComparisonWindows.Create(kind, range, from, to, zone, now);
        if (comparison.WholeEarlier is not { From: { } earlierFrom, To: { } earlierTo }
            || zone.At(earlierFrom).Year < RangeParser.FirstYear)
        {
            reader.AddError(QueryParameters.Compare, $"must not reach back before the year {RangeParser.FirstYear}.");
            return null;
        }

        var buckets = interval is { } bucketInterval ? BucketBuilder.Build(bucketInterval, earlierFrom, earlierTo, zone, now) : [];
        reader.RequireQuarterHourAlignment(
            QueryParameters.Compare,
            zone,
            [earlierFrom, comparison.Earlier.To, .. buckets.Select(bucket => (Domain.Timestamp?)bucket.To), earlierTo]);
        return comparison with { Buckets = buckets };
    }

    private static void AddMissingLowerBoundError(QueryParameterReader reader, RequestParameter parameter) =>
        reader.AddError(parameter, "must come with a lower bound: start_date, or a date_range other than all.");
}
