using System.Data.Common;
using Polly;
using Polly.Retry;

namespace Analytics.Application.Storage;

/// <summary>
/// Runs what writes, each time in a transaction of its own; again where the database undid it only because of another
/// writer. What runs must therefore leave nothing behind but what it commits.
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

    /// <summary>Runs something that writes. It commits by itself; if it does not, everything is undone.</summary>
    public async Task<T> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(
            async token =>
            {
                await using var transaction = await store.BeginAsync(token);
                return await write(transaction, token);
            },
            cancellationToken);
}
