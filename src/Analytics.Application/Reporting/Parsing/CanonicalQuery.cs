using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Application.Rollups;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The cache key of a plan: it contains everything that changes the response, and nothing else.</summary>
internal static class CanonicalQuery
{
    private static readonly JsonSerializerOptions OmitNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Create(AnalyticsQueryPlan plan)
    {
        var hasMeta = plan.Include.HasFlag(IncludeOptions.Meta);
        var includesTimes = hasMeta || plan.Interval is not null || plan.Comparison is not null;
        return "analytics" + JsonSerializer.Serialize(
            new
            {
                Window = ToBounds(plan.Window),
                Space = plan.Filter.SpaceToken,
                plan.Filter.Agents,
                Direction = plan.Filter.Direction is { } direction ? Directions.Name(direction) : null,
                Zone = includesTimes ? plan.Zone.Id : null,
                plan.Interval,
                CompleteBuckets = plan.Interval is null ? (int?)null : plan.Buckets.Count(bucket => bucket.IsComplete),
                OmitEmptyBuckets = plan is { Interval: not null, OmitEmptyBuckets: true } ? true : (bool?)null,
                GroupBy = plan.GroupBy.Count > 0 ? plan.GroupBy : null,
                Limit = plan.GroupBy.Count > 0 ? plan.Limit : (int?)null,
                Earlier = ToBounds(plan.Comparison?.Earlier),
                Current = ToBounds(plan.Comparison?.Current),
                Include = plan.Include == IncludeOptions.None ? (IncludeOptions?)null : plan.Include,
                Ignored = hasMeta && plan.Ignored.Count > 0 ? plan.Ignored : null,
            },
            OmitNulls);
    }

    private static long?[]? ToBounds(TimeRange? range) =>
        range is null or { From: null, To: null } ? null : [range.From?.UnixMilliseconds, range.To?.UnixMilliseconds];
}
