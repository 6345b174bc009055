using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>Where a task is counted by its time.</summary>
/// <param name="SpaceId">The task's space, or <see cref="EverySpace"/>.</param>
/// <param name="ProductId">The task's product.</param>
/// <param name="Grain">How finely.</param>
/// <param name="Start">The first instant of the stretch.</param>
/// <param name="Agent">The task's agent; <c>''</c> where agents are counted together.</param>
/// <param name="Direction">The task's direction; none where directions are counted together.</param>
public readonly record struct PeriodKey(long SpaceId, string ProductId, Grain Grain, Instant Start, string Agent, Direction Direction)
{
    /// <summary>All spaces that count together: most questions are about them, and one row is cheaper than one for each. Ids of spaces are not negative.</summary>
    public const long EverySpace = -1;

    /// <summary>The finest place of a task: all others are sums of these.</summary>
    public static PeriodKey Of(TaskContent task) =>
        new(task.SpaceId, task.ProductId, Grain.AgentQuarter, Grains.StartOf(Grain.AgentQuarter, task.CreatedAt), task.Agent, task.Direction);

    /// <summary>All places in which what is in this finest one is counted, itself included.</summary>
    /// <param name="spaceCounts">Whether its space is one of those that count.</param>
    public IEnumerable<PeriodKey> Everywhere(bool spaceCounts)
    {
        foreach (var granularity in Grains.OfAgents)
        {
            yield return this with { Grain = granularity, Start = Grains.StartOf(granularity, Start) };
        }

        foreach (var granularity in Grains.OfAll)
        {
            var together = new PeriodKey(SpaceId, ProductId, granularity, Grains.StartOf(granularity, Start), "", Direction.None);
            yield return together;
            if (spaceCounts)
            {
                yield return together with { SpaceId = EverySpace };
            }
        }
    }
}
