using Polly;
using Polly.Retry;

namespace Analytics.Application.Storage;

/// <summary>
/// Runs a write in a transaction of its own, and retries it after a conflict with a concurrent writer. The write must therefore have
/// no effect besides its transaction.
/// </summary>
public sealed class WriteTransactionRunner(ITaskStore store)
{
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

    /// <summary>The callback commits; otherwise its transaction is rolled back.</summary>
    public async Task<T> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(
            async token =>
            {
                await using var transaction = await store.BeginAsync(token);
                return await write(transaction, token);
            },
            cancellationToken);
}
