using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>Where a task is counted by its time.</summary>
/// <param name="SpaceId">The task's space, or <see cref="AllSpaces"/>.</param>
/// <param name="ProductId">The task's product.</param>
/// <param name="Granularity">How finely.</param>
/// <param name="Start">The first instant of the stretch.</param>
/// <param name="Agent">The task's agent; <c>''</c> where agents are counted together.</param>
/// <param name="Direction">The task's direction; none where directions are counted together.</param>
public readonly record struct RollupKey(long SpaceId, string ProductId, Granularity Granularity, Timestamp Start, string Agent, Direction Direction)
{
    /// <summary>All spaces that count together: most questions are about them, and one row is cheaper than one for each. Ids of spaces are not negative.</summary>
    public const long AllSpaces = -1;

    /// <summary>The finest place of a task: all others are sums of these.</summary>
    public static RollupKey From(TaskContent task) =>
        new(task.SpaceId, task.ProductId, Granularity.AgentQuarterHour, Granularities.StartOf(Granularity.AgentQuarterHour, task.CreatedAt), task.Agent, task.Direction);

    /// <summary>All places in which what is in this finest one is counted, itself included.</summary>
    /// <param name="includeAllSpaces">Whether its space is one of those that count.</param>
    public IEnumerable<RollupKey> Expand(bool includeAllSpaces)
    {
        foreach (var granularity in Granularities.PerAgent)
        {
            yield return this with { Granularity = granularity, Start = Granularities.StartOf(granularity, Start) };
        }

        foreach (var granularity in Granularities.Combined)
        {
            var combined = new RollupKey(SpaceId, ProductId, granularity, Granularities.StartOf(granularity, Start), "", Direction.None);
            yield return combined;
            if (includeAllSpaces)
            {
                yield return combined with { SpaceId = AllSpaces };
            }
        }
    }
}
