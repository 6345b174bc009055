using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>
/// Limits concurrent work of all organisations, and of each. One organisation occupies at most half of the queue, so that it
/// cannot starve the others.
/// </summary>
/// <param name="limit">The limit of all organisations together.</param>
/// <param name="maxPermitsPerOrganisation">The permits that one organisation can hold.</param>
internal sealed class OrganisationConcurrencyLimiter(ConcurrencyLimit limit, int maxPermitsPerOrganisation) : IDisposable
{
    private const int MinOrganisationsToFillQueue = 2;

    // Most requests queue for their organisation's permit. This limits their number over all organisations.
    private readonly ConcurrencyLimiter _admitted = new ConcurrencyLimit(limit.PermitLimit + limit.QueueLimit, QueueLimit: 0).ToLimiter();

    private readonly PartitionedRateLimiter<long> _organisations = PartitionedRateLimiter.Create<long, long>(organisationId =>
        RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => new ConcurrencyLimit(
            maxPermitsPerOrganisation, limit.QueueLimit / MinOrganisationsToFillQueue).ToOptions()));

    private readonly ConcurrencyLimiter _permits = limit.ToLimiter();

    /// <exception cref="OverloadedException">The queue, or the organisation's part of it, is full.</exception>
    public async ValueTask<IDisposable> AcquireAsync(long organisationId, CancellationToken cancellationToken)
    {
        var lease = new CombinedLease();
        try
        {
            lease.Add(_admitted.AttemptAcquire());
            lease.Add(await _organisations.AcquireAsync(organisationId, permitCount: 1, cancellationToken));
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
