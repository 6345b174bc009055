using Analytics.Application.Requests;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>
/// Caches parsed queries: building 366 day buckets takes as long as the rest of a cached response. A plan depends only on the
/// query string and the quarter hour, so that all organisations share the cache.
/// </summary>
internal static class QueryPlanCache
{
    // Buckets plus 10 for each plan: about 2 MB.
    private const int SizeLimit = 40_000;

    // Dashboards do not repeat longer query strings.
    private const int MaxKeyLength = 1_000;

    private static readonly MemoryCache Cache = new(new MemoryCacheOptions { SizeLimit = SizeLimit });

    public static ParseResult<AnalyticsQueryPlan>? Get(RawQuery query, QuarterHour now) =>
        query.QueryString is { } queryString ? Cache.Get<ParseResult<AnalyticsQueryPlan>>((queryString, now)) : null;

    public static ParseResult<AnalyticsQueryPlan> Add(RawQuery query, QuarterHour now, ParseResult<AnalyticsQueryPlan> result) =>
        query.QueryString is { Length: <= MaxKeyLength } queryString && result.Value is { } plan
            ? Cache.Set((queryString, now), result, new MemoryCacheEntryOptions { Size = GetSize(plan) })
            : result;

    private static int GetSize(AnalyticsQueryPlan plan) => 10 + plan.Buckets.Count + (plan.Comparison?.Buckets.Count ?? 0);
}
