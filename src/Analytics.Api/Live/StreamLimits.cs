using System.Threading.RateLimiting;

namespace Analytics.Api.Live;

/// <summary>How many streams may be open. A place is free again once its lease is disposed of.</summary>
public sealed class StreamLimits : IDisposable
{
    /// <summary>The most streams of one caller, over all organisations.</summary>
    public const int MostOfACaller = 5;

    /// <summary>The most streams of this process.</summary>
    public const int Most = 5_000;

    private readonly PartitionedRateLimiter<string> _ofCaller = PartitionedRateLimiter.Create<string, string>(userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => Places(MostOfACaller)));
    private readonly ConcurrencyLimiter _ofProcess = new(Places(Most));

    /// <summary>Takes one of a caller's places, if one is free.</summary>
    public RateLimitLease TakeOfCaller(string userId) => _ofCaller.AttemptAcquire(userId);

    /// <summary>Takes one of the process's places, if one is free.</summary>
    public RateLimitLease TakeOfProcess() => _ofProcess.AttemptAcquire();

    /// <inheritdoc />
    public void Dispose()
    {
        _ofCaller.Dispose();
        _ofProcess.Dispose();
    }

    private static ConcurrencyLimiterOptions Places(int most) => new() { PermitLimit = most, QueueLimit = 0 };
}
