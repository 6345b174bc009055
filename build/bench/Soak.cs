using System.Diagnostics;
using System.Globalization;
using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>A long load below capacity: no request is rejected, no task is lost, and memory does not grow.</summary>
internal static class Soak
{
    private const double ShareOfCapacity = 0.7;
    private const double MaxMemoryRatio = 1.15;
    private const int Parts = 5;

    private const int SampleCount = 100;

    // One line per minute of the full soak.
    private const int Reports = 10;

    public static async Task<IEnumerable<Result>> MeasureAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var perSecond = (await Capacity.FindAsync(service, plan, cancellationToken)).PerSecond * ShareOfCapacity;
        await ProgressLog.WriteAsync(service.Engine, $"soak, {perSecond:0} requests/s for {plan.Soak.TotalSeconds:0} s");

        var sending = service.Generator.SendAsync(perSecond, plan.Soak, cancellationToken);
        var memory = await SampleMemoryAsync(service.Server, plan.Soak, sending, cancellationToken);
        var replies = await sending;

        await WriteAsync(service, plan.Soak / Reports, replies, memory);
        var rejected = replies.Count - replies.CountOf(RequestOutcome.Served);
        var second = Part(1, plan.Soak, memory);
        var last = Part(Parts - 1, plan.Soak, memory);
        return
        [
            Result.None("requests rejected or not sent", service.Tasks, rejected, replies.Count) with {
                Latency = replies.Latency(RequestOutcome.Served) },
            Result.Multiple(
                "memory in the last fifth of the time", service.Tasks, last / second, "that in the second fifth", MaxMemoryRatio),
            await service.VerifyAsync(cancellationToken),
        ];
    }

    private static async Task<List<Sample>> SampleMemoryAsync(
        Server server, TimeSpan length, Task sending, CancellationToken cancellationToken)
    {
        var samples = new List<Sample>();
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(length / SampleCount);
        while (clock.Elapsed < length && !sending.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            samples.Add(new Sample(clock.Elapsed, server.Memory));
        }

        return samples;
    }

    private static double Part(int part, TimeSpan length, IEnumerable<Sample> samples) =>
        MedianBetween(length / Parts * part, length / Parts * (part + 1), samples);

    private static double MedianBetween(TimeSpan begin, TimeSpan end, IEnumerable<Sample> samples) =>
        Median.Of(samples.Where(sample => sample.At >= begin && sample.At < end).Select(sample => (double)sample.Memory));

    private static async Task WriteAsync(LoadedService service, TimeSpan step, Replies replies, List<Sample> memory)
    {
        for (var begin = TimeSpan.Zero; begin < step * Reports; begin += step)
        {
            var part = replies.Between(begin, begin + step);
            var megabytes = memory.LastOrDefault(sample => sample.At < begin + step)?.Memory / 1024 / 1024;
            await ProgressLog.WriteAsync(service.Engine, string.Create(
                CultureInfo.InvariantCulture,
                $"soak, from {begin.TotalSeconds:0.#} s: {part.ServedPerSecond:0} responses/s, p50 and p99 {part.Latency(RequestOutcome.Served)} ms, {part.NotServed}, {megabytes} MB"));
        }
    }

    private sealed record Sample(TimeSpan At, long Memory);
}
