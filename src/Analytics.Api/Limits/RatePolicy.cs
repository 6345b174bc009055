using System.Collections.Concurrent;
using System.Globalization;

namespace Analytics.Api.Limits;

/// <summary>
/// Counts requests by who sends them, within minutes that are the same for all: when one is over, everything that was
/// counted is forgotten at once.
/// </summary>
/// <typeparam name="TSender">What names a sender.</typeparam>
/// <param name="name">The policy's name, in the headers.</param>
/// <param name="quota">How many requests of one sender a minute are answered.</param>
/// <param name="clock">The clock.</param>
public sealed class RatePolicy<TSender>(string name, int quota, TimeProvider clock)
    where TSender : notnull
{
    /// <summary>How many senders are told apart in a minute, some 100 bytes each; those who come later share one count, so that a flood of them takes no memory.</summary>
    internal const int MostSenders = 100_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly long _start = clock.GetTimestamp();
    private Minute _current = new(number: 0);

    /// <summary>The policy in the words of the header <c>RateLimit-Policy</c>.</summary>
    public string Header { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={quota};w={Window.TotalSeconds}");

    /// <summary>Counts a request, and says what is left.</summary>
    public RateLeft Count(TSender sender)
    {
        var elapsed = clock.GetElapsedTime(_start);
        var count = MinuteOf(elapsed.Ticks / Window.Ticks).Of(sender).Increment();
        var untilNext = Window - TimeSpan.FromTicks(elapsed.Ticks % Window.Ticks);
        return new RateLeft(name, Requests: Math.Max(0, quota - count), Seconds: (int)Math.Ceiling(untilNext.TotalSeconds), IsOver: count > quota);
    }

    private Minute MinuteOf(long number)
    {
        var current = Volatile.Read(ref _current);
        if (current.Number >= number)
        {
            return current;
        }

        var next = new Minute(number);
        return Interlocked.CompareExchange(ref _current, next, current) == current ? next : Volatile.Read(ref _current);
    }

    private sealed class Minute(long number)
    {
        private readonly ConcurrentDictionary<TSender, Counter> _counters = new();
        private readonly Counter _late = new();
        private int _senders;

        public long Number => number;

        public Counter Of(TSender sender)
        {
            if (_counters.TryGetValue(sender, out var counter))
            {
                return counter;
            }

            return Volatile.Read(ref _senders) < MostSenders && Interlocked.Increment(ref _senders) <= MostSenders
                ? _counters.GetOrAdd(sender, new Counter())
                : _late;
        }
    }

    private sealed class Counter
    {
        private long _count;

        public long Increment() => Interlocked.Increment(ref _count);
    }
}

/// <summary>What a policy leaves to a sender.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Requests">How many requests are still answered.</param>
/// <param name="Seconds">In how many seconds the count begins anew, rounded up.</param>
/// <param name="IsOver">Whether this one is too many.</param>
public readonly record struct RateLeft(string Policy, long Requests, int Seconds, bool IsOver)
{
    /// <summary>The same in the words of the header <c>RateLimit</c>.</summary>
    public string Header => string.Create(CultureInfo.InvariantCulture, $"\"{Policy}\";r={Requests};t={Seconds}");
}
