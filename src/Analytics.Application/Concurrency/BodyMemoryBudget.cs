using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>
/// Limits the memory of all request bodies in progress, decompressed, because a few bytes can decompress to megabytes. One
/// organisation has at most half of it. A permit is a byte.
/// </summary>
public sealed class BodyMemoryBudget : IDisposable
{
    public const int MaxTotalBytes = 256 * 1024 * 1024;

    private static readonly ConcurrencyLimit Limit = new(MaxTotalBytes, QueueLimit: 0);

    private readonly PartitionedRateLimiter<long> _organisations = PartitionedRateLimiter.Create<long, long>(organisationId =>
        RateLimitPartition.GetConcurrencyLimiter(
            organisationId, _ => Limit.ShareOfOrganisation.ToOptions()));

    private readonly ConcurrencyLimiter _total = Limit.ToLimiter();

    // Starts empty; disposing of it releases its bytes.
    public Reservation Reserve(long organisationId) => new(this, organisationId);

    public void Dispose()
    {
        _organisations.Dispose();
        _total.Dispose();
    }

    public sealed class Reservation(BodyMemoryBudget budget, long organisationId) : IDisposable
    {
        private readonly CombinedLease _leases = new();

        /// <exception cref="OverloadedException">Other bodies use the memory, of this organisation or of all.</exception>
        public void Grow(int bytes)
        {
            if (bytes > 0)
            {
                _leases.Add(budget._organisations.AttemptAcquire(organisationId, bytes));
                _leases.Add(budget._total.AttemptAcquire(bytes));
            }
        }

        public void Dispose() => _leases.Dispose();
    }
}
