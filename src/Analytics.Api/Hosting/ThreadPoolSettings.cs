using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

/// <summary>How many threads there are from the start.</summary>
internal static class ThreadPoolSettings
{
    private const int ReservedThreads = 2;

    /// <summary>
    /// SQLite's calls hold a thread while they wait, and so do those that tell a mute server that a statement is called off.
    /// The pool adds threads one by one, too slowly when all places are held up at once: until there are enough, nothing else
    /// would be answered, not even whether the service is alive. On SQLite, more than these would take turns on the
    /// processors for nothing, and that costs a sixth of the answers.
    /// </summary>
    public static void Apply(DatabaseSettings database)
    {
        var limits = database.Limits;
        var writers = database.Engine == DatabaseEngine.Sqlite ? 0 : limits.Writes.PermitLimit;
        ThreadPool.GetMinThreads(out var workers, out var completionPorts);
        ThreadPool.SetMinThreads(Math.Max(workers, limits.Reads.PermitLimit + writers + ReservedThreads), completionPorts);
    }
}
