using Analytics.Application.Requests;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>
/// The plans that were made last: a year of days takes as long to plan as all else that an answer from memory needs. A plan
/// follows from the query's text and the slot alone, and knows of no organisation.
/// </summary>
internal static class KeptPlans
{
    /// <summary>Some two megabytes of buckets.</summary>
    private const int MostBuckets = 40_000;

    /// <summary>Longer ones are not what a dashboard asks again and again.</summary>
    private const int LongestText = 1_000;

    private static readonly MemoryCache Kept = new(new MemoryCacheOptions { SizeLimit = MostBuckets });

    public static Planned<Plan>? Get(RawQuery inputs, Slot now) =>
        inputs.QueryString is { } text ? Kept.Get<Planned<Plan>>((text, now)) : null;

    public static Planned<Plan> Keep(RawQuery inputs, Slot now, Planned<Plan> planned) => inputs.QueryString is { Length: <= LongestText } text && planned.Value is { } plan
        ? Kept.Set((text, now), planned, new MemoryCacheEntryOptions { Size = 10 + plan.Buckets.Count })
        : planned;
}
