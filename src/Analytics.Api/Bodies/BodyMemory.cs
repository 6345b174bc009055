namespace Analytics.Api.Bodies;

/// <summary>How much memory the bodies of requests in hand may take together, decompressed: a few bytes can grow to millions.</summary>
public sealed class BodyMemory
{
    /// <summary>Of this process, in bytes.</summary>
    public const long Most = 256 * 1024 * 1024;

    private long _taken;

    /// <summary>Room for one body, none of it taken yet. Disposing it gives everything back.</summary>
    public Share Begin() => new(this);

    /// <summary>What one body takes.</summary>
    public sealed class Share(BodyMemory memory) : IDisposable
    {
        private long _taken;

        /// <summary>Takes more of it, if there is more.</summary>
        public bool TryTake(int bytes)
        {
            _taken += bytes;
            return Interlocked.Add(ref memory._taken, bytes) <= Most;
        }

        /// <inheritdoc />
        public void Dispose() => Interlocked.Add(ref memory._taken, -Interlocked.Exchange(ref _taken, 0));
    }
}
