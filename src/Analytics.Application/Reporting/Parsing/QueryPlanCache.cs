using Analytics.Application.Requests;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>
/// The plans that were made last: a year of days takes as long to plan as all else that an answer from memory needs. A plan
/// follows from the query's text and the slot alone, and knows of no organisation.
/// </summary>
internal static class QueryPlanCache
{
    /// <summary>Some two megabytes of buckets.</summary>
    private const int SizeLimit = 40_000;

    /// <summary>Longer ones are not what a dashboard asks again and again.</summary>
    private const int MaxKeyLength = 1_000;

    private static readonly MemoryCache Cache = new(new MemoryCacheOptions { SizeLimit = SizeLimit });

    public static ParseResult<AnalyticsQueryPlan>? Get(RawQuery query, QuarterHour now) =>
        query.QueryString is { } queryString ? Cache.Get<ParseResult<AnalyticsQueryPlan>>((queryString, now)) : null;

    public static ParseResult<AnalyticsQueryPlan> Add(RawQuery query, QuarterHour now, ParseResult<AnalyticsQueryPlan> result) => query.QueryString is { Length: <= MaxKeyLength } queryString && result.Value is { } plan
        ? Cache.Set((queryString, now), result, new MemoryCacheEntryOptions { Size = 10 + plan.Buckets.Count })
        : result;
}
