using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>
/// The key of a rollup row. In combined granularities the agent is <c>''</c> and the direction none, as all are counted together.
/// </summary>
public readonly record struct RollupKey(
    long SpaceId, string ProductId, Granularity Granularity, Timestamp Start, string Agent, Direction Direction)
{
    // The rows of all counted spaces combined: most queries are about all of them, and one row is cheaper to read than one for each.
    // No space has a negative id.
    public const long AllSpaces = -1;

    // The key of the finest rollup.
    public static RollupKey From(TaskContent task) => new(
        task.SpaceId,
        task.ProductId,
        Granularity.AgentQuarterHour,
        Granularities.StartOf(Granularity.AgentQuarterHour, task.CreatedAt),
        task.Agent,
        task.Direction);

    // The keys of all rollups that include this finest one, itself too.
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
