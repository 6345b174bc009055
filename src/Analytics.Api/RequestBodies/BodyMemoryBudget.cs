using System.Threading.RateLimiting;
using Analytics.Api.RateLimiting;

namespace Analytics.Api.RequestBodies;

/// <summary>
/// Limits the memory of all request bodies in progress, decompressed, because a few bytes can decompress to megabytes. A
/// permit is a byte.
/// </summary>
public sealed class BodyMemoryBudget() : PerUserConcurrencyLimiter(MaxBytesPerUser, MaxTotalBytes)
{
    public const int MaxTotalBytes = 256 * 1024 * 1024;
    public const int MaxBytesPerUser = MaxTotalBytes / 4;

    // Starts empty; disposing of it releases its bytes.
    public Reservation Reserve(string userId) => new(this, userId);

    public sealed class Reservation(BodyMemoryBudget budget, string userId) : IDisposable
    {
        private readonly List<RateLimitLease> _leases = [];

        public bool TryGrow(int bytes) =>
            bytes == 0 || (Add(budget.AcquireForUser(userId, bytes)) && Add(budget.AcquireGlobal(bytes)));

        public void Dispose() => _leases.ForEach(lease => lease.Dispose());

        private bool Add(RateLimitLease lease)
        {
            _leases.Add(lease);
            return lease.IsAcquired;
        }
    }
}
