using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>Limits concurrent work of all organisations, and of each.</summary>
internal sealed class OrganisationConcurrencyLimiter(ConcurrencyLimit limit, ConcurrencyLimit limitPerOrganisation) : IDisposable
{
    // Most requests queue for their organisation's permit. This limits their number over all organisations.
    private readonly ConcurrencyLimiter _admitted = new ConcurrencyLimit(limit.PermitLimit + limit.QueueLimit, QueueLimit: 0).ToLimiter();

    private readonly PartitionedRateLimiter<long> _organisations = PartitionedRateLimiter.Create<long, long>(organisationId =>
        RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => limitPerOrganisation.ToOptions()));

    private readonly ConcurrencyLimiter _permits = limit.ToLimiter();

    /// <param name="organisationPermits">How many of the organisation's permits it takes, at most all of them.</param>
    /// <exception cref="OverloadedException">The queue, or the organisation's part of it, is full.</exception>
    public async ValueTask<IDisposable> AcquireAsync(long organisationId, int organisationPermits, CancellationToken cancellationToken)
    {
        var lease = new CombinedLease();
        try
        {
            lease.Add(_admitted.AttemptAcquire());
            lease.Add(await _organisations.AcquireAsync(
                organisationId, Math.Min(organisationPermits, limitPerOrganisation.PermitLimit), cancellationToken));
            lease.Add(await _permits.AcquireAsync(permitCount: 1, cancellationToken));
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
        _admitted.Dispose();
        _organisations.Dispose();
        _permits.Dispose();
    }
}
