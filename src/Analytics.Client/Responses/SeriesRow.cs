namespace Analytics.Client;

/// <summary>One time bucket of the series.</summary>
public sealed record SeriesRow
{
    /// <summary>The start of the bucket, in the requested time zone.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The end of the bucket, exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>The length in hours. A day on which the clocks change has 23, 23.5 or 25.</summary>
    public required decimal Hours { get; init; }

    /// <summary>Whether the bucket is over.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whether the bucket is over, contains the start of the current quarter hour, or begins later.</summary>
    public required BucketState State { get; init; }

    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <see cref="AnalyticsInclude.Reconciliation"/>.</summary>
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <see cref="AnalyticsInclude.Components"/>.</summary>
    public AverageComponents? Components { get; init; }
}
