using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>
/// Limits the exports whose statement is being read: one per organisation, so that one tenant cannot hold all permits.
/// A permit is not held while the client downloads.
/// </summary>
public sealed class ExportConcurrencyLimiter(int maxConcurrent) : IDisposable
{
    private static readonly ConcurrencyLimit OnePerOrganisation = new(PermitLimit: 1, QueueLimit: 0);

    private readonly PartitionedRateLimiter<long> _organisations = PartitionedRateLimiter.Create<long, long>(
        organisationId => RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => OnePerOrganisation.ToOptions()));

    private readonly ConcurrencyLimiter _all = new ConcurrencyLimit(maxConcurrent, QueueLimit: 0).ToLimiter();

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

        var lease = new CombinedLease();
        try
        {
            lease.Add(organisationLease);
            lease.Add(_all.AttemptAcquire());
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _organisations.Dispose();
        _all.Dispose();
    }
}

public sealed class ExportInProgressException() : Exception("An export of this organisation is in progress.");
