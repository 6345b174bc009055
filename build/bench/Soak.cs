using System.Diagnostics;
using System.Globalization;
using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>A long load below capacity: nothing is refused, nothing is lost, and memory does not grow.</summary>
internal static class Soak
{
    private const double ShareOfCapacity = 0.7;
    private const double MostMemory = 1.15;
    private const int Parts = 5;

    private const int Looks = 100;

    /// <summary>A minute each, of the whole.</summary>
    private const int Reports = 10;

    public static async Task<IEnumerable<Finding>> MeasureAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var perSecond = (await Capacity.FindAsync(service, plan, cancellationToken)).PerSecond * ShareOfCapacity;
        await ProgressLog.SayAsync(service.Engine, $"soak, {perSecond:0} requests/s for {plan.Soak.TotalSeconds:0} s");

        var sending = service.Generator.SendAsync(perSecond, plan.Soak, cancellationToken);
        var memory = await WatchMemoryAsync(service.Server, plan.Soak, sending, cancellationToken);
        var replies = await sending;

        await SayAsync(service, plan.Soak / Reports, replies, memory);
        var refused = replies.Count - replies.CountOf(Fate.Served);
        var second = Part(1, plan.Soak, memory);
        var last = Part(Parts - 1, plan.Soak, memory);
        return
        [
            Finding.None("requests refused or not sent", service.Tasks, refused, replies.Count) with { Latency = replies.Latency(Fate.Served) },
            Finding.Multiple("memory in the last fifth of the time", service.Tasks, last / second, "that in the second fifth", MostMemory),
            await service.VerifyAsync(cancellationToken),
        ];
    }

    private static async Task<List<Look>> WatchMemoryAsync(Server server, TimeSpan length, Task sending, CancellationToken cancellationToken)
    {
        var looks = new List<Look>();
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(length / Looks);
        while (clock.Elapsed < length && !sending.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            looks.Add(new Look(clock.Elapsed, server.Memory));
        }

        return looks;
    }

    private static double Part(int part, TimeSpan length, IEnumerable<Look> looks) => MedianBetween(length / Parts * part, length / Parts * (part + 1), looks);

    private static double MedianBetween(TimeSpan begin, TimeSpan end, IEnumerable<Look> looks) =>
        Median.Of(looks.Where(look => look.At >= begin && look.At < end).Select(look => (double)look.Memory));

    private static async Task SayAsync(LoadedService service, TimeSpan step, Replies replies, List<Look> memory)
    {
        for (var begin = TimeSpan.Zero; begin < step * Reports; begin += step)
        {
            var part = replies.Between(begin, begin + step);
            var megabytes = memory.LastOrDefault(look => look.At < begin + step)?.Memory / 1024 / 1024;
            await ProgressLog.SayAsync(service.Engine, string.Create(
                CultureInfo.InvariantCulture, $"soak, from {begin.TotalSeconds:0.#} s: {part.ServedPerSecond:0} answers/s, p50 and p99 {part.Latency(Fate.Served)} ms, {part.NotServed}, {megabytes} MB"));
        }
    }

    /// <summary>What the service's process held.</summary>
    private sealed record Look(TimeSpan At, long Memory);
}
