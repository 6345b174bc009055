namespace Analytics.Client;

/// <summary>One group. Only the requested dimensions are present.</summary>
public sealed record GroupRow
{
    /// <summary>The token of the space; with <see cref="GroupDimension.Space"/>.</summary>
    public string? SpaceToken { get; init; }

    /// <summary>The name of the space; with <see cref="GroupDimension.Space"/>.</summary>
    public string? SpaceName { get; init; }

    /// <summary>The agent, empty for tasks without one; with <see cref="GroupDimension.Agent"/>.</summary>
    public string? Agent { get; init; }

    /// <summary>The direction, empty for tasks without one; with <see cref="GroupDimension.Direction"/>.</summary>
    public Direction? Direction { get; init; }

    /// <summary>The run, empty for tasks without one; with <see cref="GroupDimension.Run"/>.</summary>
    public string? RunId { get; init; }

    /// <summary>The label as its newest task spells it, empty for tasks without one; with <see cref="GroupDimension.Label"/>.</summary>
    public string? Label { get; init; }

    /// <summary>The local day of the week, from 1 (Monday) to 7; with <see cref="GroupDimension.DayOfWeek"/>.</summary>
    public int? DayOfWeek { get; init; }

    /// <summary>The local hour of the day, from 0 to 23; with <see cref="GroupDimension.HourOfDay"/>.</summary>
    public int? HourOfDay { get; init; }

    /// <summary>True only in a last row that adds up the groups beyond <see cref="AnalyticsQuery.Limit"/>.</summary>
    public bool Other { get; init; }

    /// <summary>Calls by outcome.</summary>
    public required CallAnalytics CallAnalytics { get; init; }

    /// <summary>Tasks by status.</summary>
    public required CallStatus CallStatus { get; init; }

    /// <summary>Calls and tasks that the counts above do not include; with <see cref="AnalyticsInclude.Reconciliation"/>.</summary>
    public Reconciliation? Reconciliation { get; init; }

    /// <summary>The sums and counts behind the averages; with <see cref="AnalyticsInclude.Components"/>.</summary>
    public AverageComponents? Components { get; init; }

    /// <summary>
    /// The change from the earlier to the requested window, both up to now and the moment that corresponds to it; with
    /// <c>compare</c>. Null also if the earlier one has no such group.
    /// </summary>
    public ChangePercent? ChangePercent { get; init; }

    /// <summary>The same change of rates, in percentage points; with <see cref="AnalyticsQuery.Compare"/>.</summary>
    public ChangePoints? ChangePoints { get; init; }
}
