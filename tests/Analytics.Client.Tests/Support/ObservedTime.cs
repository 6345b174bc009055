using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Client.Tests.Support;

/// <summary>A clock that only the test moves, and that tells which timers are set.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return new ObservedTimer(timer, _timers.Writer);
    }

    // Waits until a timer is set for a time in this range, and returns the time.
    public async Task<TimeSpan> WaitForTimerAsync(double minSeconds, double maxSeconds)
    {
        using var timeout = new CancellationTokenSource(MaxWait);
        while (true)
        {
            var timer = await _timers.Reader.ReadAsync(timeout.Token);
            if (timer.TotalSeconds >= minSeconds && timer.TotalSeconds <= maxSeconds)
            {
                return timer;
            }
        }
    }

    // The same, and lets this time pass.
    public async Task PassTimerAsync(double minSeconds, double maxSeconds) =>
        Advance(await WaitForTimerAsync(minSeconds, maxSeconds));

    private sealed class ObservedTimer(ITimer timer, ChannelWriter<TimeSpan> timers) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isChanged = timer.Change(dueTime, period);
            timers.TryWrite(dueTime);
            return isChanged;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
