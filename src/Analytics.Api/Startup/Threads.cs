using Analytics.Infrastructure.Settings;

namespace Analytics.Api.Startup;

/// <summary>How many threads there are from the start.</summary>
internal static class Threads
{
    private const int OneWriterAndTheDoor = 2;

    /// <summary>
    /// SQLite's calls hold a thread while they wait. The pool adds threads one by one, too slowly when all places are held up
    /// at once: until there are enough, nothing else would be answered, not even whether the service is alive. More than
    /// these would take turns on the processors for nothing, and that costs a sixth of the answers.
    /// </summary>
    public static void ProvideFor(DatabaseSettings database)
    {
        if (database.Engine == DatabaseEngine.Sqlite)
        {
            ThreadPool.GetMinThreads(out var workers, out var completionPorts);
            ThreadPool.SetMinThreads(Math.Max(workers, database.Limits.Questions.AtOnce + OneWriterAndTheDoor), completionPorts);
        }
    }
}
