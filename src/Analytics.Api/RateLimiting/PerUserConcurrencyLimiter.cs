using System.Threading.RateLimiting;

namespace Analytics.Api.RateLimiting;

/// <summary>Limits long responses per user, over all organisations, and per instance.</summary>
public abstract class PerUserConcurrencyLimiter(int maxPerUser, int maxTotal) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _perUser = PartitionedRateLimiter.Create<string, string>(
        userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => CreateOptions(maxPerUser)));

    private readonly ConcurrencyLimiter _global = new(CreateOptions(maxTotal));

    public RateLimitLease AcquireForUser(string userId) => _perUser.AttemptAcquire(userId);

    public RateLimitLease AcquireGlobal() => _global.AttemptAcquire();

    public void Dispose()
    {
        _perUser.Dispose();
        _global.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ConcurrencyLimiterOptions CreateOptions(int permitLimit) => new() { PermitLimit = permitLimit, QueueLimit = 0 };
}
