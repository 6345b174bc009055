namespace Analytics.Application.Concurrency;

/// <summary>How long a request waits for its work.</summary>
public sealed record RequestTimeout(TimeSpan Value)
{
    internal static RequestTimeout None { get; } = new(Timeout.InfiniteTimeSpan);

    // Throws at the timeout or on cancellation, and then calls abandon, because the work itself may continue.
    internal async Task<T> WaitAsync<T>(Task<T> work, Action abandon, CancellationToken cancellationToken)
    {
        try
        {
            // Cancelling a command makes the driver contact the server synchronously. If the server does not respond, the token's
            // other callbacks are delayed, so the timeout is enforced here independently of the token.
            return await work.WaitAsync(Value, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            abandon();
            throw;
        }
        catch (TimeoutException) when (!work.IsFaulted)
        {
            abandon();
            throw new RequestTimedOutException();
        }
    }
}

public sealed class RequestTimedOutException() : Exception("The request timed out.");
