using Analytics.Application.Rollups;
using Analytics.Domain;
using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>A parsed and validated analytics query: relative ranges are resolved, buckets and comparison windows are computed.</summary>
public sealed record AnalyticsQueryPlan
{
    public required DateTimeZone Zone { get; init; }

    public required TimeRange Window { get; init; }

    public required TaskFilter Filter { get; init; }

    /// <summary>Null without a series.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>Cover the window without gaps, including its future part. Empty without a series.</summary>
    public required IReadOnlyList<Bucket> Buckets { get; init; }

    public required bool OmitEmptyBuckets { get; init; }

    public required IReadOnlyList<Dimension> GroupBy { get; init; }

    /// <summary>The maximum number of groups; the rest is added up in one more row.</summary>
    public required int Limit { get; init; }

    public required Comparison? Comparison { get; init; }

    public required IncludeOptions Include { get; init; }

    /// <summary>Unknown parameters: at most 20 names in ordinal order.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>Equal exactly if the responses are equal, for one version of one organisation's product.</summary>
    public required string CacheKey { get; init; }

    /// <summary>The all-time totals without any optional section.</summary>
    public bool IsTotalsOnly =>
        Window == TimeRange.All
        && Filter is { Agents: null, Direction: null }
        && Interval is null
        && GroupBy.Count == 0
        && Comparison is null
        && Include == IncludeOptions.None;

    internal static AnalyticsQueryPlan ForTotals(TimeRange window, TaskFilter filter) => new()
    {
        Zone = DateTimeZone.Utc,
        Window = window,
        Filter = filter,
        Interval = null,
        Buckets = [],
        OmitEmptyBuckets = false,
        GroupBy = [],
        Limit = 0,
        Comparison = null,
        Include = IncludeOptions.None,
        Ignored = [],
        CacheKey = "",
    };
}

/// <summary>From is included, To is not.</summary>
public sealed record Bucket(Timestamp From, Timestamp To, bool IsComplete)
{
    public decimal Hours => (To.UnixMilliseconds - From.UnixMilliseconds) / 3_600_000m;
}

/// <summary>The two windows that are compared, both up to the same elapsed time if the current one is not over.</summary>
public sealed record Comparison(TimeRange Earlier, TimeRange Current);

/// <summary>In local time; weeks begin on Monday.</summary>
public enum Interval
{
    Hour,
    Day,
    Week,
    Month,
}

public enum Dimension
{
    Space,
    Agent,
    Direction,
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

public static class ResponseFormats
{
    /// <summary>The value of the format parameter, and the extension of the downloaded file.</summary>
    public static string Name(ResponseFormat format) => format switch
    {
        ResponseFormat.Json => "json",
        ResponseFormat.Csv => "csv",
        ResponseFormat.Ndjson => "ndjson",
    };
}
