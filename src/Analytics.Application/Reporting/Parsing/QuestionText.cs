using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Application.Rollups;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>What a plan asks for, in one text: whatever changes the answer is in it, and nothing else.</summary>
internal static class QuestionText
{
    private static readonly JsonSerializerOptions OnlyWhatIsThere = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of(Plan plan)
    {
        var hasMeta = plan.Include.HasFlag(Blocks.Meta);
        var showsTimes = hasMeta || plan.Interval is not null || plan.Comparison is not null;
        return "analytics" + JsonSerializer.Serialize(
            new
            {
                Window = Range(plan.Window),
                Space = plan.Filter.SpaceToken,
                plan.Filter.Agents,
                Direction = plan.Filter.Direction is { } direction ? Directions.Name(direction) : null,
                Zone = showsTimes ? plan.Zone.Id : null,
                plan.Interval,
                Complete = plan.Interval is null ? (int?)null : plan.Buckets.Count(bucket => bucket.IsComplete),
                LeavesOutEmptyBuckets = plan is { Interval: not null, LeavesOutEmptyBuckets: true } ? true : (bool?)null,
                GroupBy = plan.GroupBy.Count > 0 ? plan.GroupBy : null,
                Limit = plan.GroupBy.Count > 0 ? plan.Limit : (int?)null,
                Earlier = Range(plan.Comparison?.Earlier),
                Current = Range(plan.Comparison?.Current),
                Include = plan.Include == Blocks.None ? (Blocks?)null : plan.Include,
                Ignored = hasMeta && plan.Ignored.Count > 0 ? plan.Ignored : null,
            },
            OnlyWhatIsThere);
    }

    private static long?[]? Range(TimeRange? range) =>
        range is null or { From: null, To: null } ? null : [range.From?.UnixMilliseconds, range.To?.UnixMilliseconds];
}
