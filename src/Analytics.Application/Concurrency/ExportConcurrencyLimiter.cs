using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>
/// Limits the exports whose statement is being read: one per organisation, so that one tenant cannot hold all permits.
/// A permit is not held while the client downloads.
/// </summary>
public sealed class ExportConcurrencyLimiter(int maxConcurrent) : IDisposable
{
    private static readonly ConcurrencyLimiterOptions OnePerOrganisation = new() { PermitLimit = 1, QueueLimit = 0 };

    private readonly PartitionedRateLimiter<long> _organisations = PartitionedRateLimiter.Create<long, long>(
        organisationId => RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => OnePerOrganisation));

    private readonly ConcurrencyLimiter _all = new(new ConcurrencyLimiterOptions { PermitLimit = maxConcurrent, QueueLimit = 0 });

    /// <exception cref="ExportInProgressException">The organisation has an export in progress.</exception>
    /// <exception cref="OverloadedException">The instance has <c>Exports:MaxConcurrent</c> exports in progress.</exception>
    public IDisposable Acquire(long organisationId)
    {
        var organisationLease = _organisations.AttemptAcquire(organisationId);
        if (!organisationLease.IsAcquired)
        {
            organisationLease.Dispose();
            throw new ExportInProgressException();
        }

        var lease = _all.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            organisationLease.Dispose();
            throw new OverloadedException();
        }

        return new Lease(organisationLease, lease);
    }

    public void Dispose()
    {
        _organisations.Dispose();
        _all.Dispose();
    }

    private sealed class Lease(IDisposable organisationLease, IDisposable lease) : IDisposable
    {
        public void Dispose()
        {
            lease.Dispose();
            organisationLease.Dispose();
        }
    }
}

public sealed class ExportInProgressException() : Exception("An export of this organisation is in progress.");
