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
    /// <param name="old">What the task said before, if it was there.</param>
    /// <param name="new">What it says now, if it still is.</param>
    public static IEnumerable<(TaskContent Place, Measures Added)> Between(TaskContent? old, TaskContent? @new)
    {
        if (old is not null)
        {
            yield return (old, Measures.Zero - Measures.From(old));
        }

        if (@new is not null)
        {
            yield return (@new, Measures.From(@new));
        }
    }

    /// <summary>Many changes as one amount for each space and product.</summary>
    public static IReadOnlyDictionary<TotalsKey, Measures> ToTotals(IEnumerable<(TaskContent Place, Measures Added)> changes) =>
        Sum(changes.Select(change => (TotalsKey.From(change.Place), change.Added)));

    /// <summary>Many changes as one amount for each stretch of time.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="countingSpaces">The spaces that count.</param>
    public static IReadOnlyDictionary<RollupKey, Measures> ToRollups(IEnumerable<(TaskContent Place, Measures Added)> changes, IReadOnlySet<long> countingSpaces) =>
        Sum(from finest in Sum(changes.Select(change => (RollupKey.From(change.Place), change.Added)))
            from key in finest.Key.Expand(countingSpaces.Contains(finest.Key.SpaceId))
            select (key, finest.Value));

    /// <summary>One amount for each place; places where it cancels out are left out.</summary>
    private static Dictionary<TKey, Measures> Sum<TKey>(IEnumerable<(TKey Key, Measures Added)> changes)
        where TKey : struct
    {
        var sums = new Dictionary<TKey, Measures>();
        foreach (var (key, added) in changes)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
            sum = sum is null ? added : sum + added;
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
