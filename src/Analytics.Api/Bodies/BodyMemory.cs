namespace Analytics.Api.Bodies;

/// <summary>
/// How much memory the bodies of requests in hand may take together, decompressed: a few bytes can grow to millions. One
/// caller has a part of it, so that no few of them can take all.
/// </summary>
public sealed class BodyMemory
{
    /// <summary>Of this process, in bytes.</summary>
    public const long Most = 256 * 1024 * 1024;

    /// <summary>Of one caller, in bytes.</summary>
    public const long MostOfACaller = Most / 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _takenByCaller = new(StringComparer.Ordinal);
    private long _taken;

    /// <summary>Room for one body, none of it taken yet. Disposing it gives everything back.</summary>
    public Share Begin(string userId) => new(this, userId);

    private bool TryTake(string userId, long bytes)
    {
        lock (_lock)
        {
            var ofCaller = _takenByCaller.GetValueOrDefault(userId) + bytes;
            if (_taken + bytes > Most || ofCaller > MostOfACaller)
            {
                return false;
            }

            _taken += bytes;
            _takenByCaller[userId] = ofCaller;
            return true;
        }
    }

    private void GiveBack(string userId, long bytes)
    {
        lock (_lock)
        {
            _taken -= bytes;
            if ((_takenByCaller[userId] -= bytes) == 0)
            {
                _takenByCaller.Remove(userId);
            }
        }
    }

    /// <summary>What one body takes.</summary>
    public sealed class Share(BodyMemory memory, string userId) : IDisposable
    {
        private long _taken;

        /// <summary>Takes more of it, if there is more.</summary>
        public bool TryTake(long bytes)
        {
            var isTaken = memory.TryTake(userId, bytes);
            _taken += isTaken ? bytes : 0;
            return isTaken;
        }

        /// <inheritdoc />
        public void Dispose()
        {
            if (_taken > 0)
            {
                memory.GiveBack(userId, _taken);
                _taken = 0;
            }
        }
    }
}
