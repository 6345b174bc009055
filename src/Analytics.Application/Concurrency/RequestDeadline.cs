namespace Analytics.Application.Concurrency;

/// <summary>
/// The time until which the current request waits for its work.
/// </summary>
public sealed class RequestDeadline
{
    // Less than a typical statement needs.
    private const long MinStartMilliseconds = 300;

    private long? _ticks;
    private Action<Exception>? _logLateFailure;

    /// <param name="timeout">From now on; null for a stream's query.</param>
    /// <param name="logLateFailure">Called with what the work throws after the request has ended.</param>
    public void Set(TimeSpan? timeout, Action<Exception> logLateFailure) =>
        (_ticks, _logLateFailure) = (Environment.TickCount64 + (long?)timeout?.TotalMilliseconds, logLateFailure);

    /// <summary>
    /// Ends a request that has waited for its permit until just before its deadline. Its statement would be cancelled at once, and
    /// where the server does not respond each cancellation blocks a thread.
    /// </summary>
    internal void ThrowIfTooLateToStart()
    {
        if (_ticks - Environment.TickCount64 < MinStartMilliseconds)
        {
            throw new RequestTimedOutException();
        }
    }

    internal void LogLateFailure(Exception exception) => _logLateFailure?.Invoke(exception);

    // Throws at the deadline or on cancellation, and then calls abandon, because the work itself may continue.
    internal async Task<T> WaitAsync<T>(Task<T> work, Action abandon, CancellationToken cancellationToken)
    {
        var remaining = _ticks is { } ticks
            ? TimeSpan.FromMilliseconds(Math.Max(0, ticks - Environment.TickCount64))
            : Timeout.InfiniteTimeSpan;
        try
        {
            // Cancelling a command makes the driver contact the server synchronously. If the server does not respond, the token's
            // other callbacks are delayed, so the deadline is enforced here independently of the token.
            return await work.WaitAsync(remaining, cancellationToken);
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
