using System.Runtime.InteropServices;
using Analytics.Domain.Tasks;

namespace Analytics.Domain.Metrics;

/// <summary>Where a task is counted, whatever its time.</summary>
/// <param name="SpaceId">The task's space.</param>
/// <param name="ProductId">The task's product.</param>
public readonly record struct RollupKey(long SpaceId, string ProductId)
{
    /// <summary>Where this task is counted.</summary>
    public static RollupKey Of(TaskContent task) => new(task.SpaceId, task.ProductId);
}

/// <summary>What a change of tasks does to the rollups.</summary>
public static class Change
{
    /// <summary>What one task's change adds, and where: minus where it was, plus where it is now.</summary>
    /// <param name="old">What the task said before, if it was there.</param>
    /// <param name="new">What it says now, if it still is.</param>
    public static IEnumerable<(TaskContent Place, Measures Added)> Of(TaskContent? old, TaskContent? @new)
    {
        if (old is not null)
        {
            yield return (old, Measures.Zero - Measures.Of(old));
        }

        if (@new is not null)
        {
            yield return (@new, Measures.Of(@new));
        }
    }

    /// <summary>Many changes as one amount for each space and product.</summary>
    public static IReadOnlyDictionary<RollupKey, Measures> Totals(IEnumerable<(TaskContent Place, Measures Added)> changes) =>
        Sum(changes.Select(change => (RollupKey.Of(change.Place), change.Added)));

    /// <summary>Many changes as one amount for each stretch of time.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="countingSpaces">The spaces that count.</param>
    public static IReadOnlyDictionary<PeriodKey, Measures> Periods(IEnumerable<(TaskContent Place, Measures Added)> changes, IReadOnlySet<long> countingSpaces) =>
        Sum(from finest in Sum(changes.Select(change => (PeriodKey.Of(change.Place), change.Added)))
            from key in finest.Key.Everywhere(countingSpaces.Contains(finest.Key.SpaceId))
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
