using System.Threading.RateLimiting;

namespace Analytics.Api.RateLimiting;

/// <summary>How much of what takes long may be open at once. A place is free again once its lease is disposed of.</summary>
/// <param name="maxPerUser">The most of one caller, over all organisations.</param>
/// <param name="maxTotal">The most of this process.</param>
public abstract class PerUserConcurrencyLimiter(int maxPerUser, int maxTotal) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _perUser = PartitionedRateLimiter.Create<string, string>(userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => CreateOptions(maxPerUser)));
    private readonly ConcurrencyLimiter _global = new(CreateOptions(maxTotal));

    /// <summary>Takes one of a caller's places, if one is free.</summary>
    public RateLimitLease AcquireForUser(string userId) => _perUser.AttemptAcquire(userId);

    /// <summary>Takes one of the process's places, if one is free.</summary>
    public RateLimitLease AcquireGlobal() => _global.AttemptAcquire();

    /// <inheritdoc />
    public void Dispose()
    {
        _perUser.Dispose();
        _global.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ConcurrencyLimiterOptions CreateOptions(int permitLimit) => new() { PermitLimit = permitLimit, QueueLimit = 0 };
}
