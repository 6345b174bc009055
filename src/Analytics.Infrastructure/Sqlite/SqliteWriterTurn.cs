using System.Diagnostics;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// The turn to wait for SQLite's write lock, which one writer of all processes has at a time. SQLite is not fair by itself: a waiting
/// writer polls, and a process that writes one batch after another takes the lock again between two polls.
/// </summary>
internal static class SqliteWriterTurn
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(5);

    // Without a turn, a writer still waits for SQLite's lock: where this file cannot be created, writes are only less fair.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>Disposing the result passes the turn on.</summary>
    public static async Task<IDisposable?> AcquireAsync(string databaseFile, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < MaxWait)
        {
            try
            {
                return new FileStream($"{databaseFile}.writing", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }

        return null;
    }
}
