using Analytics.Domain.Tasks;

namespace Analytics.FunctionalTests.Support;

/// <summary>The rules of writes and of outcomes, once more and in the plainest way.</summary>
internal static class Naive
{
    /// <summary>The tasks that are left of some writes.</summary>
    public static IReadOnlyList<TaskContent> Survivors(IEnumerable<TaskWrite> writes)
    {
        var survivors = new Dictionary<string, TaskWrite>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            if (!survivors.TryGetValue(write.TaskId, out var stored) || write.UpdatedAt.UnixMilliseconds >= stored.UpdatedAt.UnixMilliseconds)
            {
                survivors[write.TaskId] = write;
            }
        }

        return [.. survivors.Values.Select(write => write.Content).OfType<TaskContent>()];
    }

    /// <summary>The outcome of a call with one of the random labels.</summary>
    public static string OutcomeOf(TaskContent call) =>
        call.Label is { } label && RandomWrites.KnownLabels.TryGetValue(label, out var known) ? known
        : call.Status == "failed" ? "failed"
        : call.Status == "completed" && call.Label is null or "Unknown" ? "failed"
        : "other";
}
