using System.Runtime.InteropServices;
using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>Sums tasks one at a time, so that memory grows with the number of their finest rollups only.</summary>
public sealed class RollupAccumulator
{
    private readonly Dictionary<RollupKey, Measures> _finest = [];

    public void Add(TaskContent task)
    {
        var measures = Measures.From(task);
        Add(RollupKey.OfRun(task), measures);
        Add(RollupKey.OfLabel(task), measures);
    }

    public IReadOnlyDictionary<RollupKey, Measures> ToRollups(IReadOnlySet<long> countedSpaceIds) =>
        RollupDelta.Expand(_finest, countedSpaceIds);

    private void Add(RollupKey key, Measures measures)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_finest, key, out _);
        sum = sum is null ? measures : sum + measures;
    }
}
