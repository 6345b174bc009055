using Analytics.Domain.Tasks;

namespace Analytics.FunctionalTests.Support;

/// <summary>An independent, simple implementation of the rules of writes and of outcomes.</summary>
internal static class ReferenceRules
{
    // The tasks that remain after some writes.
    public static IReadOnlyList<TaskContent> ApplyWrites(IEnumerable<TaskWrite> writes)
    {
        var latestWrites = new Dictionary<string, TaskWrite>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            if (!latestWrites.TryGetValue(write.TaskId, out var stored)
                || write.UpdatedAt.UnixMilliseconds >= stored.UpdatedAt.UnixMilliseconds)
            {
                latestWrites[write.TaskId] = write;
            }
        }

        return [.. latestWrites.Values.Select(write => write.Content).OfType<TaskContent>()];
    }

    // The outcome of a call with one of the random labels.
    public static string ClassifyOutcome(TaskContent call) =>
        call.Label is { } label && RandomWrites.KnownLabels.TryGetValue(label, out var known) ? known
        : call.Status == "failed" ? "failed"
        : call.Status == "completed" && call.Label is null or "Unknown" ? "failed"
        : "other";
}
