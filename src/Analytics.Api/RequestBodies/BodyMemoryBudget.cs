namespace Analytics.Api.RequestBodies;

/// <summary>
/// How much memory the bodies of requests in hand may take together, decompressed: a few bytes can grow to millions. One
/// caller has a part of it, so that no few of them can take all.
/// </summary>
public sealed class BodyMemoryBudget
{
    /// <summary>Of this process, in bytes.</summary>
    public const long MaxTotalBytes = 256 * 1024 * 1024;

    /// <summary>Of one caller, in bytes.</summary>
    public const long MaxBytesPerUser = MaxTotalBytes / 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _reservedBytesByUser = new(StringComparer.Ordinal);
    private long _reservedBytes;

    /// <summary>Room for one body, none of it taken yet. Disposing it gives everything back.</summary>
    public Reservation Reserve(string userId) => new(this, userId);

    private bool TryReserve(string userId, long bytes)
    {
        lock (_lock)
        {
            var userBytes = _reservedBytesByUser.GetValueOrDefault(userId) + bytes;
            if (_reservedBytes + bytes > MaxTotalBytes || userBytes > MaxBytesPerUser)
            {
                return false;
            }

            _reservedBytes += bytes;
            _reservedBytesByUser[userId] = userBytes;
            return true;
        }
    }

    private void Release(string userId, long bytes)
    {
        lock (_lock)
        {
            _reservedBytes -= bytes;
            if ((_reservedBytesByUser[userId] -= bytes) == 0)
            {
                _reservedBytesByUser.Remove(userId);
            }
        }
    }

    /// <summary>What one body takes.</summary>
    public sealed class Reservation(BodyMemoryBudget budget, string userId) : IDisposable
    {
        private long _reservedBytes;

        /// <summary>Takes more of it, if there is more.</summary>
        public bool TryGrow(long bytes)
        {
            var isReserved = budget.TryReserve(userId, bytes);
            _reservedBytes += isReserved ? bytes : 0;
            return isReserved;
        }

        /// <inheritdoc />
        public void Dispose()
        {
            if (_reservedBytes > 0)
            {
                budget.Release(userId, _reservedBytes);
                _reservedBytes = 0;
            }
        }
    }
}
