using System.Runtime.InteropServices;
using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>The key of a row of totals, which count all tasks whatever their time.</summary>
public readonly record struct TotalsKey(long SpaceId, string ProductId)
{
    public static TotalsKey From(TaskContent task) => new(task.SpaceId, task.ProductId);
}

/// <summary>The changes of totals and rollups that follow from changes of tasks.</summary>
public static class RollupDelta
{
    // Subtracts the task as stored before, and adds the one stored after. Null: the task did not exist, or was deleted.
    public static IEnumerable<(TaskContent Task, Measures Delta)> Between(TaskContent? before, TaskContent? after)
    {
        if (before is not null)
        {
            yield return (before, Measures.Zero - Measures.From(before));
        }

        if (after is not null)
        {
            yield return (after, Measures.From(after));
        }
    }

    public static IReadOnlyDictionary<TotalsKey, Measures> ToTotals(IEnumerable<(TaskContent Task, Measures Delta)> deltas) =>
        Sum(deltas.Select(delta => (TotalsKey.From(delta.Task), delta.Delta)));

    public static IReadOnlyDictionary<RollupKey, Measures> ToRollups(
        IEnumerable<(TaskContent Task, Measures Delta)> deltas, IReadOnlySet<long> countedSpaceIds) =>
        Expand(
            Sum(from delta in deltas
                from key in new[] { RollupKey.OfRun(delta.Task), RollupKey.OfLabel(delta.Task) }
                select (key, delta.Delta)),
            countedSpaceIds);

    /// <summary>The sums of all granularities from those of the finest.</summary>
    internal static IReadOnlyDictionary<RollupKey, Measures> Expand(
        IEnumerable<KeyValuePair<RollupKey, Measures>> finestSums, IReadOnlySet<long> countedSpaceIds) =>
        Sum(from finest in finestSums
            from key in finest.Key.Expand(countedSpaceIds.Contains(finest.Key.SpaceId))
            select (key, finest.Value));

    // Sums that cancel out are omitted, so that no row is written for them.
    private static Dictionary<TKey, Measures> Sum<TKey>(IEnumerable<(TKey Key, Measures Delta)> deltas)
        where TKey : struct
    {
        var sums = new Dictionary<TKey, Measures>();
        foreach (var (key, delta) in deltas)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
            sum = sum is null ? delta : sum + delta;
        }

        foreach (var (key, sum) in sums)
        {
            if (sum == Measures.Zero)
            {
                sums.Remove(key);
            }
        }

        return sums;
    }
}
