using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

public sealed record ConcurrencyLimit(int PermitLimit, int QueueLimit)
{
    /// <summary>At most half of the permits, and at least one.</summary>
    internal int HalfOfPermits => Math.Max(1, PermitLimit / 2);

    internal ConcurrencyLimiterOptions ToOptions() =>
        new() { PermitLimit = PermitLimit, QueueLimit = QueueLimit, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    internal ConcurrencyLimiter ToLimiter() => new(ToOptions());
}
