using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Analytics.Api.RateLimiting;

/// <summary>Counts requests per partition in one-minute windows, which begin at the same time for all partitions.</summary>
public sealed class FixedWindowCounter<TPartitionKey>(string name, int quota, TimeProvider clock)
    where TPartitionKey : notnull
{
    // Some 100 bytes each. Further partitions of a window share one counter, so that a flood of them takes no memory.
    internal const int MaxPartitions = 100_000;

    private static readonly TimeSpan WindowLength = TimeSpan.FromMinutes(1);

    private readonly long _start = clock.GetTimestamp();
    private Window _current = new(number: 0);

    /// <summary>The value of <c>RateLimit-Policy</c>.</summary>
    public string Header { get; } =
        string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={quota};w={WindowLength.TotalSeconds}");

    public RateLimitStatus Increment(TPartitionKey partitionKey)
    {
        var elapsed = clock.GetElapsedTime(_start);
        var count = Interlocked.Increment(ref GetWindow(elapsed.Ticks / WindowLength.Ticks).GetCounter(partitionKey).Value);
        var untilReset = WindowLength - TimeSpan.FromTicks(elapsed.Ticks % WindowLength.Ticks);
        return new RateLimitStatus(
            name,
            Remaining: Math.Max(0, quota - count),
            SecondsUntilReset: (int)Math.Ceiling(untilReset.TotalSeconds),
            IsExceeded: count > quota);
    }

    private Window GetWindow(long number)
    {
        var current = Volatile.Read(ref _current);
        if (current.Number >= number)
        {
            return current;
        }

        var next = new Window(number);
        return Interlocked.CompareExchange(ref _current, next, current) == current ? next : Volatile.Read(ref _current);
    }

    private sealed class Window(long number)
    {
        private readonly ConcurrentDictionary<TPartitionKey, StrongBox<long>> _counters = new();
        private readonly StrongBox<long> _overflow = new();
        private int _partitionCount;

        public long Number => number;

        public StrongBox<long> GetCounter(TPartitionKey partitionKey)
        {
            if (_counters.TryGetValue(partitionKey, out var counter))
            {
                return counter;
            }

            return Volatile.Read(ref _partitionCount) < MaxPartitions && Interlocked.Increment(ref _partitionCount) <= MaxPartitions
                ? _counters.GetOrAdd(partitionKey, new StrongBox<long>())
                : _overflow;
        }
    }
}

public readonly record struct RateLimitStatus(string Policy, long Remaining, int SecondsUntilReset, bool IsExceeded)
{
    /// <summary>The value of <c>RateLimit</c>.</summary>
    public string Header => string.Create(CultureInfo.InvariantCulture, $"\"{Policy}\";r={Remaining};t={SecondsUntilReset}");
}
