using System.Threading.RateLimiting;

namespace Analytics.Api.Limits;

/// <summary>How much of what takes long may be open at once. A place is free again once its lease is disposed of.</summary>
/// <param name="mostOfACaller">The most of one caller, over all organisations.</param>
/// <param name="most">The most of this process.</param>
public abstract class CallerPlaces(int mostOfACaller, int most) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _ofCaller = PartitionedRateLimiter.Create<string, string>(userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => Places(mostOfACaller)));
    private readonly ConcurrencyLimiter _ofProcess = new(Places(most));

    /// <summary>Takes one of a caller's places, if one is free.</summary>
    public RateLimitLease TakeOfCaller(string userId) => _ofCaller.AttemptAcquire(userId);

    /// <summary>Takes one of the process's places, if one is free.</summary>
    public RateLimitLease TakeOfProcess() => _ofProcess.AttemptAcquire();

    /// <inheritdoc />
    public void Dispose()
    {
        _ofCaller.Dispose();
        _ofProcess.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ConcurrencyLimiterOptions Places(int most) => new() { PermitLimit = most, QueueLimit = 0 };
}
