using Analytics.Api.Formats;
using Analytics.Infrastructure.Settings;

namespace Analytics.Api.Startup;

/// <summary>How many threads there are from the start.</summary>
internal static class Threads
{
    /// <summary>
    /// Some drivers hold a thread while they wait. The pool adds threads one by one, too slowly when all places are held up
    /// at once: until there are enough, nothing else would be answered, not even whether the service is alive.
    /// </summary>
    public static void ProvideFor(DatabaseLimits limits)
    {
        ThreadPool.GetMinThreads(out var workers, out var completionPorts);
        ThreadPool.SetMinThreads(workers + limits.Questions.AtOnce + limits.Writes.AtOnce + ExportLimits.Most, completionPorts);
    }
}
