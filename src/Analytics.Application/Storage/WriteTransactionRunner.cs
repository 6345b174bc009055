using Polly;
using Polly.Retry;

namespace Analytics.Application.Storage;

/// <summary>
/// Runs a write in a transaction of its own, and retries it after a conflict with a concurrent writer. The write must therefore have
/// no effect besides its transaction.
/// </summary>
public sealed class WriteTransactionRunner(ITaskStore store, TimeProvider clock)
{
    // A database can be read-only for hours: new connections for each write would then be a load of their own.
    private static readonly TimeSpan MinClearInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _clearing = new();
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DbException>(store.IsTransientConflict),
            MaxRetryAttempts = 8,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(20),
            MaxDelay = TimeSpan.FromSeconds(1),
        })
        .Build();

    private long? _clearedAt;

    /// <summary>The callback commits; otherwise its transaction is rolled back.</summary>
    public async Task<T> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        var startedAt = clock.GetTimestamp();
        try
        {
            return await RunWithRetryAsync(write, cancellationToken);
        }
        catch (DbException exception) when (store.IsReadOnly(exception))
        {
            // A pooled connection can stay read-only when its database no longer is.
            if (!IsPoolClearedSince(startedAt))
            {
                throw;
            }
        }

        return await RunWithRetryAsync(write, cancellationToken);
    }

    private async Task<T> RunWithRetryAsync<T>(
        Func<WriteTransaction, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(
            async token =>
            {
                await using var transaction = await store.BeginAsync(token);
                return await write(transaction, token);
            },
            cancellationToken);

    private bool IsPoolClearedSince(long timestamp)
    {
        lock (_clearing)
        {
            if (_clearedAt is { } last && (last >= timestamp || clock.GetElapsedTime(last) < MinClearInterval))
            {
                return last >= timestamp;
            }

            store.ClearPool();
            _clearedAt = clock.GetTimestamp();
            return true;
        }
    }
}
