using System.Collections.Concurrent;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

internal sealed record SharedComputationKey(ResponseCacheKey Response, bool IsStreaming);

/// <summary>
/// The responses that are being computed. A request with the same key waits for the response instead of computing it again. Its key
/// contains the version that it has read itself, so it never gets older data.
/// </summary>
internal sealed class SharedComputations
{
    // The result is null if the request that computes has been cancelled: one of those that wait takes over.
    private readonly ConcurrentDictionary<SharedComputationKey, TaskCompletionSource<Versioned?>> _running = new();

    /// <summary>The response, and whether another request has computed it. Whatever the computation throws, all that wait throw.</summary>
    public async Task<(Versioned Response, bool IsShared)> GetAsync(
        SharedComputationKey key, Func<Task<Versioned>> compute, CancellationToken cancellationToken)
    {
        var own = new TaskCompletionSource<Versioned?>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_running.GetOrAdd(key, own) is var running && running != own)
        {
            if (await running.Task.WaitAsync(cancellationToken) is { } shared)
            {
                return (shared, true);
            }
        }

        // At once, because a driver may not react to the cancellation.
        await using var abandonment = cancellationToken.Register(() => End(key, own, response: null));
        try
        {
            var response = await compute();
            End(key, own, response);
            return (response, false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not RequestTimedOutException)
        {
            Remove(key, own);
            own.TrySetException(exception);

            // Observed, also if nobody waits.
            _ = own.Task.Exception;
            throw;
        }
        finally
        {
            End(key, own, response: null);
        }
    }

    // Removed first, so that a request that waited does not find it again.
    private void End(SharedComputationKey key, TaskCompletionSource<Versioned?> computation, Versioned? response)
    {
        Remove(key, computation);
        computation.TrySetResult(response);
    }

    private void Remove(SharedComputationKey key, TaskCompletionSource<Versioned?> computation) =>
        _running.TryRemove(KeyValuePair.Create(key, computation));
}
