using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>
/// The key of a rollup row. The member is the run or the normalised label. What a granularity combines is <c>''</c>, or no direction.
/// </summary>
public readonly record struct RollupKey(
    long SpaceId, string ProductId, Granularity Granularity, Timestamp Start, string Member, string Agent, Direction Direction)
{
    // The rows of all counted spaces combined: most queries are about all of them, and one row is cheaper to read than one for each.
    // No space has a negative id.
    public const long AllSpaces = -1;

    // The keys of the finest rollups: all others are sums of either.
    public static RollupKey OfRun(TaskContent task) =>
        Create(task, Granularity.RunQuarterHour) with { Member = task.RunId, Agent = task.Agent, Direction = task.Direction };

    public static RollupKey OfLabel(TaskContent task) => Create(task, Granularity.LabelHour) with { Member = task.LabelKey };

    // The keys of all rollups that include this finest one, itself too.
    public IEnumerable<RollupKey> Expand(bool isCounted) => Granularity == Granularity.LabelHour
        ? Expand(isCounted, Granularities.PerLabel, this)
        : [
            .. Expand(isCounted, Granularities.PerRun, this),
            .. Expand(isCounted, [Granularity.AgentDay, Granularity.AgentMonth], this with { Member = "" }),
            .. Expand(isCounted, Granularities.Combined, this with { Member = "", Agent = "", Direction = Direction.None }),
        ];

    private static IEnumerable<RollupKey> Expand(bool isCounted, IEnumerable<Granularity> granularities, RollupKey finest)
    {
        foreach (var granularity in granularities)
        {
            var key = finest with { Granularity = granularity, Start = Granularities.StartOf(granularity, finest.Start) };
            yield return key;
            if (isCounted && Granularities.HasAllSpaces(granularity))
            {
                yield return key with { SpaceId = AllSpaces };
            }
        }
    }

    private static RollupKey Create(TaskContent task, Granularity granularity) => new(
        task.SpaceId, task.ProductId, granularity, Granularities.StartOf(granularity, task.CreatedAt), "", "", Direction.None);
}
