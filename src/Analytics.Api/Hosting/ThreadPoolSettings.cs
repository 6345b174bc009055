using Analytics.Application.Concurrency;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

internal static class ThreadPoolSettings
{
    private const int ReservedThreads = 2;

    /// <summary>
    /// SQLite's calls block a thread while they wait, and so does cancelling a command if the server does not respond. The
    /// pool adds threads slowly, so when every permit's thread is blocked, no other request, not even a liveness probe, would
    /// be served. On SQLite writers are not counted: the additional context switches reduced throughput by a sixth.
    /// </summary>
    public static void Apply(DatabaseSettings database)
    {
        var limits = database.Limits;
        var writers = database.Engine == DatabaseEngine.Sqlite ? 0 : limits.Writes.PermitLimit;
        ThreadPool.GetMinThreads(out var workers, out var completionPorts);
        var permits = limits.Reads.PermitLimit + DatabaseConcurrencyLimiter.MaxConcurrentLookups + writers;
        ThreadPool.SetMinThreads(Math.Max(workers, permits + ReservedThreads), completionPorts);
    }
}
