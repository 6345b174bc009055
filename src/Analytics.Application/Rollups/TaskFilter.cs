namespace Analytics.Application.Rollups;

/// <summary>Which tasks a query selects, besides its time range. Null does not filter.</summary>
public sealed record TaskFilter
{
    public static TaskFilter None { get; } = new();

    // Without a token: every active contact space.
    public string? SpaceToken { get; init; }

    // Distinct, in ordinal order; '' selects tasks without an agent.
    public IReadOnlyList<string>? Agents { get; init; }
    public Direction? Direction { get; init; }

    // '' selects tasks without a run.
    public string? RunId { get; init; }

    /// <summary>The granularities that hold tasks by what is filtered, finest first.</summary>
    public IReadOnlyList<Granularity> Granularities => this switch
    {
        { RunId: not null } => Domain.Metrics.Granularities.PerRun,
        { Agents: null, Direction: null } => Domain.Metrics.Granularities.Combined,
        _ => Domain.Metrics.Granularities.PerAgent,
    };
}
