using System.Threading.RateLimiting;

namespace Analytics.Api.RateLimiting;

/// <summary>Limits the open streams of a user, over all organisations, and of the instance.</summary>
public sealed class StreamConcurrencyLimiter : IDisposable
{
    public const int MaxPerUser = 20;
    public const int MaxTotal = 5_000;

    private readonly PartitionedRateLimiter<string> _users = PartitionedRateLimiter.Create<string, string>(
        userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => CreateOptions(MaxPerUser)));

    private readonly ConcurrencyLimiter _total = new(CreateOptions(MaxTotal));

    public RateLimitLease AcquireForUser(string userId) => _users.AttemptAcquire(userId);

    public RateLimitLease AcquireGlobal() => _total.AttemptAcquire();

    public void Dispose()
    {
        _users.Dispose();
        _total.Dispose();
    }

    private static ConcurrencyLimiterOptions CreateOptions(int permitLimit) => new() { PermitLimit = permitLimit, QueueLimit = 0 };
}
