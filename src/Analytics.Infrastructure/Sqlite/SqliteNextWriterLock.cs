using System.Diagnostics;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// A file lock that the writer holds which waits for SQLite's write lock; the writers of other processes queue for the file lock. SQLite
/// is not fair by itself: a waiting writer polls, and a process that writes one batch after another takes the lock between two polls.
/// </summary>
internal static class SqliteNextWriterLock
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(5);

    // Without the file lock, a writer still waits for SQLite's lock: where the file cannot be created, writes are only less fair.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static async Task<IDisposable?> AcquireAsync(string databaseFile, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < MaxWait)
        {
            try
            {
                return new FileStream($"{databaseFile}.writing", PrivateFiles.OfLockFor(databaseFile));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }

        return null;
    }
}
