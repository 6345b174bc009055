using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>Leases that belong together. The last one is released first.</summary>
internal sealed class CombinedLease : IDisposable
{
    private readonly Stack<RateLimitLease> _leases = new();

    /// <exception cref="OverloadedException">The limiter has neither a permit nor space in its queue.</exception>
    public void Add(RateLimitLease lease)
    {
        _leases.Push(lease);
        if (!lease.IsAcquired)
        {
            throw new OverloadedException();
        }
    }

    public void Dispose()
    {
        while (_leases.TryPop(out var lease))
        {
            lease.Dispose();
        }
    }
}
