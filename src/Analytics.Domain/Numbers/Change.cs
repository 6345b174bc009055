using Analytics.Domain.Tasks;

namespace Analytics.Domain.Numbers;

/// <summary>Where a task is counted.</summary>
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
    /// <summary>What one task's change adds, and where: minus at its old place, plus at its new one.</summary>
    /// <param name="old">What the task said before, if it was there.</param>
    /// <param name="new">What it says now, if it still is.</param>
    public static IEnumerable<(RollupKey Key, Measures Added)> Of(TaskContent? old, TaskContent? @new)
    {
        if (old is not null)
        {
            yield return (RollupKey.Of(old), Measures.Zero - Measures.Of(old));
        }

        if (@new is not null)
        {
            yield return (RollupKey.Of(@new), Measures.Of(@new));
        }
    }

    /// <summary>Many changes as one amount for each place; places where they cancel out are left out.</summary>
    public static IReadOnlyDictionary<RollupKey, Measures> Sum(IEnumerable<(RollupKey Key, Measures Added)> changes)
    {
        var sums = new Dictionary<RollupKey, Measures>();
        foreach (var (key, added) in changes)
        {
            sums[key] = sums.GetValueOrDefault(key, Measures.Zero) + added;
        }

        return sums.Where(sum => sum.Value != Measures.Zero).ToDictionary();
    }
}
