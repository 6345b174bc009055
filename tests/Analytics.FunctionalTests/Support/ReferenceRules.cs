using Analytics.Domain.Tasks;

namespace Analytics.FunctionalTests.Support;

/// <summary>The rules of writes and of outcomes, once more and in the plainest way.</summary>
internal static class ReferenceRules
{
    /// <summary>The tasks that are left of some writes.</summary>
    public static IReadOnlyList<TaskContent> ApplyWrites(IEnumerable<TaskWrite> writes)
    {
        var latestWrites = new Dictionary<string, TaskWrite>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            if (!latestWrites.TryGetValue(write.TaskId, out var stored) || write.UpdatedAt.UnixMilliseconds >= stored.UpdatedAt.UnixMilliseconds)
            {
                latestWrites[write.TaskId] = write;
            }
        }

        return [.. latestWrites.Values.Select(write => write.Content).OfType<TaskContent>()];
    }

    /// <summary>The outcome of a call with one of the random labels.</summary>
    public static string ClassifyOutcome(TaskContent call) =>
        call.Label is { } label && RandomWrites.KnownLabels.TryGetValue(label, out var known) ? known
        : call.Status == "failed" ? "failed"
        : call.Status == "completed" && call.Label is null or "Unknown" ? "failed"
        : "other";
}
