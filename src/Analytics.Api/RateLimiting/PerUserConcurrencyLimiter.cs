using System.Threading.RateLimiting;

namespace Analytics.Api.RateLimiting;

/// <summary>Limits what is in progress per user, over all organisations, and per instance.</summary>
public abstract class PerUserConcurrencyLimiter(int maxPerUser, int maxTotal) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _perUser = PartitionedRateLimiter.Create<string, string>(
        userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => CreateOptions(maxPerUser)));

    private readonly ConcurrencyLimiter _global = new(CreateOptions(maxTotal));

    public RateLimitLease AcquireForUser(string userId, int permits = 1) => _perUser.AttemptAcquire(userId, permits);

    public RateLimitLease AcquireGlobal(int permits = 1) => _global.AttemptAcquire(permits);

    public void Dispose()
    {
        _perUser.Dispose();
        _global.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ConcurrencyLimiterOptions CreateOptions(int permitLimit) => new() { PermitLimit = permitLimit, QueueLimit = 0 };
}

public sealed class StreamConcurrencyLimiter() : PerUserConcurrencyLimiter(MaxPerUser, MaxTotal)
{
    public const int MaxPerUser = 5;
    public const int MaxTotal = 5_000;
}
