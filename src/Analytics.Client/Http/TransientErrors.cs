using System.Net;

namespace Analytics.Client;

/// <summary>Which errors end by themselves, and how long to wait for that.</summary>
internal static class TransientErrors
{
    private const int MaxSeconds = 30;

    public static bool Contains(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // Never before the time that the service names; at random, so that clients that failed together do not return together.
    public static TimeSpan GetDelay(int attempt, TimeSpan? retryAfter)
    {
        var seconds = Math.Min(Math.Pow(2, attempt), MaxSeconds) * (0.5 + Random.Shared.NextDouble() / 2);
        return TimeSpan.FromSeconds(
            Math.Max(seconds, retryAfter?.TotalSeconds ?? 0) * (1 + Random.Shared.NextDouble() / 4));
    }

    public static TimeSpan? GetRetryAfter(HttpResponseMessage? response, TimeProvider timeProvider) =>
        response?.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - timeProvider.GetUtcNow() : null;
}
