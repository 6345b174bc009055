using System.Text.Json;
using System.Text.Json.Serialization;
using Analytics.Application.Rollups;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>A parsed and validated analytics query: relative ranges are resolved, buckets and comparison windows are computed.</summary>
/// <remarks>No record: a copy by <c>with</c> would keep the cache key of the original.</remarks>
public sealed class AnalyticsQueryPlan
{
    private static readonly JsonSerializerOptions OmitNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required TimeRange Window { get; init; }
    public required TaskFilter Filter { get; init; }
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;

    /// <summary>Null without a series.</summary>
    public Interval? Interval { get; init; }

    /// <summary>Cover the window without gaps, including its future part. Empty without a series.</summary>
    public IReadOnlyList<Bucket> Buckets { get; init; } = [];
    public bool OmitEmptyBuckets { get; init; }
    public IReadOnlyList<Dimension> GroupBy { get; init; } = [];

    /// <summary>The maximum number of groups; the rest is added up in one more row.</summary>
    public int Limit { get; init; }
    public Comparison? Comparison { get; init; }
    public IncludeOptions Include { get; init; }

    /// <summary>A response shows it in <c>meta</c> only.</summary>
    public QuarterHour Now { get; init; }

    /// <summary>The window of the same kind directly before; null if there is none.</summary>
    public WindowDates? Previous { get; init; }

    /// <summary>The window of the same kind directly after; null if there is none.</summary>
    public WindowDates? Next { get; init; }

    /// <summary>Unknown parameters: at most 20 names in ordinal order.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Contains everything that changes the response, and nothing else, for one version of one organisation's product.</summary>
    public string CacheKey => field ??= CreateCacheKey();

    /// <summary>The all-time totals without any optional section.</summary>
    public bool IsTotalsOnly =>
        Window == TimeRange.All
        && Filter is { Agents: null, Direction: null, RunId: null }
        && Interval is null
        && GroupBy.Count == 0
        && Comparison is null
        && Include == IncludeOptions.None;

    private string CreateCacheKey()
    {
        var hasMeta = Include.HasFlag(IncludeOptions.Meta);
        var includesTimes = hasMeta || Interval is not null || Comparison is not null;
        return "analytics" + JsonSerializer.Serialize(
            new
            {
                Window = ToBounds(Window),
                Space = Filter.SpaceToken,
                Filter.Agents,
                Direction = Filter.Direction is { } direction ? Directions.Name(direction) : null,
                Filter.RunId,
                Zone = includesTimes || GroupBy.Any(Dimensions.IsLocalTime) ? Zone.Id : null,
                Interval,
                States = CountStates(Buckets),
                OmitEmptyBuckets = Interval is not null && OmitEmptyBuckets ? true : (bool?)null,
                GroupBy = GroupBy.Count > 0 ? GroupBy : null,
                Limit = GroupBy.Count > 0 ? Limit : (int?)null,
                Earlier = ToBounds(Comparison?.Earlier),
                Current = ToBounds(Comparison?.Current),
                WholeEarlier = Interval is null ? null : ToBounds(Comparison?.WholeEarlier),
                EarlierStates = CountStates(Comparison?.Buckets),
                Include = Include == IncludeOptions.None ? (IncludeOptions?)null : Include,
                Now = hasMeta ? Now.Start.UnixMilliseconds : (long?)null,
                Previous = hasMeta ? Previous : null,
                Next = hasMeta ? Next : null,
                Ignored = hasMeta && Ignored.Count > 0 ? Ignored : null,
            },
            OmitNulls);
    }

    // The buckets themselves follow from the window, the zone and the interval.
    private static int[]? CountStates(IReadOnlyList<Bucket>? buckets) => buckets is null or []
        ? null
        : [buckets.Count(bucket => bucket.IsComplete), buckets.Count(bucket => bucket.State == BucketState.Future)];

    private static long?[]? ToBounds(TimeRange? range) =>
        range is null or { From: null, To: null } ? null : [range.From?.UnixMilliseconds, range.To?.UnixMilliseconds];
}

/// <summary>From is included, To is not.</summary>
public sealed record Bucket(Timestamp From, Timestamp To, BucketState State)
{
    public bool IsComplete => State == BucketState.Past;

    public decimal Hours => (To.UnixMilliseconds - From.UnixMilliseconds) / 3_600_000m;
}

/// <summary>
/// The two windows that are compared, both up to now and the moment that corresponds to it if the current one is not over.
/// </summary>
/// <param name="Earlier">The earlier window.</param>
/// <param name="Current">The requested window.</param>
/// <param name="WholeEarlier">The earlier window up to its own end.</param>
public sealed record Comparison(TimeRange Earlier, TimeRange Current, TimeRange WholeEarlier)
{
    /// <summary>Cover the whole earlier window. Empty without a series.</summary>
    public IReadOnlyList<Bucket> Buckets { get; init; } = [];
}

/// <summary>Where a bucket is, seen from the start of the current quarter hour.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BucketState>))]
public enum BucketState
{
    [JsonStringEnumMemberName("past")]
    Past,

    [JsonStringEnumMemberName("current")]
    Current,

    [JsonStringEnumMemberName("future")]
    Future,
}

// In snake case, the values of the enums below are those of query parameters.

/// <summary>In local time; weeks begin on Monday.</summary>
public enum Interval
{
    Hour,
    Day,
    Week,
    Month,
}

/// <summary>How buckets without tasks are returned.</summary>
public enum FillMode
{
    Zero,
    None,
}

public enum Dimension
{
    Space,
    Agent,
    Direction,
    Run,
    Label,
    DayOfWeek,
    HourOfDay,
}

/// <summary>The optional sections of a response. Total applies to pages of tasks only.</summary>
[Flags]
public enum IncludeOptions
{
    None = 0,
    Reconciliation = 1,
    Components = 2,
    Meta = 4,
    Total = 8,
}

public enum ResponseFormat
{
    Json,
    Csv,
    Ndjson,
}
