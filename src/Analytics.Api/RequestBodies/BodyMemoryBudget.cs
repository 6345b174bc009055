namespace Analytics.Api.RequestBodies;

/// <summary>
/// Limits the memory of all request bodies in progress, decompressed, because a few bytes can decompress to megabytes. Each
/// user is limited to a part of it.
/// </summary>
public sealed class BodyMemoryBudget
{
    public const long MaxTotalBytes = 256 * 1024 * 1024;
    public const long MaxBytesPerUser = MaxTotalBytes / 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _reservedBytesByUser = new(StringComparer.Ordinal);
    private long _reservedBytes;

    // Starts empty; disposing of it releases its bytes.
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

    public sealed class Reservation(BodyMemoryBudget budget, string userId) : IDisposable
    {
        private long _reservedBytes;

        public bool TryGrow(long bytes)
        {
            var isReserved = budget.TryReserve(userId, bytes);
            _reservedBytes += isReserved ? bytes : 0;
            return isReserved;
        }

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
