using Analytics.Application.Rollups;
using NodaTime;
using Analytics.Domain;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>A question about the numbers with everything decided: what is left is to read and to add up.</summary>
public sealed record AnalyticsQueryPlan
{
    /// <summary>The zone in which days begin and times are shown.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The time that is asked about.</summary>
    public required TimeRange Window { get; init; }

    /// <summary>The tasks that are asked about.</summary>
    public required TaskFilter Filter { get; init; }

    /// <summary>The series' interval; absent where no series is asked for.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>The series' buckets: they fill the window without a gap, also where it lies in the future. Empty without an interval.</summary>
    public required IReadOnlyList<Bucket> Buckets { get; init; }

    /// <summary>Whether buckets without a task are left out.</summary>
    public required bool OmitEmptyBuckets { get; init; }

    /// <summary>By what the groups are made; empty where none are asked for.</summary>
    public required IReadOnlyList<Dimension> GroupBy { get; init; }

    /// <summary>The most groups; what is cut is summed in one more.</summary>
    public required int Limit { get; init; }

    /// <summary>The earlier window; absent where none is asked for.</summary>
    public required Comparison? Comparison { get; init; }

    /// <summary>The blocks that are asked for beside the documented ones.</summary>
    public required IncludeOptions Include { get; init; }

    /// <summary>Parameters that mean nothing here: at most 20 names, ordinal.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>The plan that asks for the numbers of a time and nothing else.</summary>
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

    /// <summary>Whether it is the documented question, of all time and without any block.</summary>
    public bool IsTotalsOnly =>
        Window == TimeRange.All && Filter is { Agents: null, Direction: null } && Interval is null && GroupBy.Count == 0 && Comparison is null && Include == IncludeOptions.None;

    /// <summary>What is asked, in one text: equal exactly where the answers are, at one version of one organisation's product.</summary>
    public required string CacheKey { get; init; }
}

/// <summary>One bucket of a series.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="IsComplete">Whether it is over.</param>
public sealed record Bucket(Timestamp From, Timestamp To, bool IsComplete)
{
    /// <summary>How long it is: a day can have 23, 23.5 or 25 hours.</summary>
    public decimal Hours => (To.UnixMilliseconds - From.UnixMilliseconds) / 3_600_000m;
}

/// <summary>What is compared with what.</summary>
/// <param name="Earlier">The earlier window, cut where the asked one is not over yet.</param>
/// <param name="Current">As much of the asked window as is compared with it.</param>
public sealed record Comparison(TimeRange Earlier, TimeRange Current);

/// <summary>The length of a series' buckets.</summary>
public enum Interval
{
    /// <summary>From each local :00 to the next.</summary>
    Hour,

    /// <summary>Local days.</summary>
    Day,

    /// <summary>Local weeks, from Monday.</summary>
    Week,

    /// <summary>Local calendar months.</summary>
    Month,
}

/// <summary>By what groups are made.</summary>
public enum Dimension
{
    /// <summary>The space.</summary>
    Space,

    /// <summary>The agent.</summary>
    Agent,

    /// <summary>The direction.</summary>
    Direction,
}

/// <summary>The blocks that <c>include</c> adds.</summary>
[Flags]
public enum IncludeOptions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>What the documented outcomes and states leave out.</summary>
    Reconciliation = 1,

    /// <summary>The sums and counts that the means are made of.</summary>
    Components = 2,

    /// <summary>What was asked, and of what state the answer is.</summary>
    Meta = 4,

    /// <summary>How many there are (of pages of tasks only).</summary>
    Total = 8,
}

/// <summary>The formats' names.</summary>
public static class ResponseFormats
{
    /// <summary>How callers spell a format, which is also how its files end.</summary>
    public static string Name(ResponseFormat format) => format switch
    {
        ResponseFormat.Json => "json",
        ResponseFormat.Csv => "csv",
        ResponseFormat.Ndjson => "ndjson",
    };
}

/// <summary>The form of an answer.</summary>
public enum ResponseFormat
{
    /// <summary>JSON.</summary>
    Json,

    /// <summary>Comma-separated values with a header.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}
