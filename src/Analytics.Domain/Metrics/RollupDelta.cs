using System.Runtime.InteropServices;
using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>Where a task is counted, whatever its time.</summary>
/// <param name="SpaceId">The task's space.</param>
/// <param name="ProductId">The task's product.</param>
public readonly record struct TotalsKey(long SpaceId, string ProductId)
{
    /// <summary>Where this task is counted.</summary>
    public static TotalsKey From(TaskContent task) => new(task.SpaceId, task.ProductId);
}

/// <summary>What a change of tasks does to the rollups.</summary>
public static class RollupDelta
{
    /// <summary>What one task's change adds, and where: minus where it was, plus where it is now.</summary>
    /// <param name="before">What the task said before, if it was there.</param>
    /// <param name="after">What it says now, if it still is.</param>
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

    /// <summary>Many changes as one amount for each space and product.</summary>
    public static IReadOnlyDictionary<TotalsKey, Measures> ToTotals(IEnumerable<(TaskContent Task, Measures Delta)> deltas) =>
        Sum(deltas.Select(delta => (TotalsKey.From(delta.Task), delta.Delta)));

    /// <summary>Many changes as one amount for each stretch of time.</summary>
    /// <param name="deltas">The changes.</param>
    /// <param name="countedSpaceIds">The spaces that count.</param>
    public static IReadOnlyDictionary<RollupKey, Measures> ToRollups(IEnumerable<(TaskContent Task, Measures Delta)> deltas, IReadOnlySet<long> countedSpaceIds) =>
        Sum(from finest in Sum(deltas.Select(delta => (RollupKey.From(delta.Task), delta.Delta)))
            from key in finest.Key.Expand(countedSpaceIds.Contains(finest.Key.SpaceId))
            select (key, finest.Value));

    /// <summary>One amount for each place; places where it cancels out are left out.</summary>
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
