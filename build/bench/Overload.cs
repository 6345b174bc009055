using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>
/// Three times the capacity, alternating with the peak: throughput must stay about the same, and excess requests must fail fast.
/// </summary>
internal static class Overload
{
    private const double MultipleOfCapacity = 3;
    private const double ShareOfPeakAfterwards = 0.5;
    private const double MinShareOfPeak = 0.8;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    // A request that is still queued at the request timeout is cancelled and rejected.
    private static readonly TimeSpan MaxRejectionTime = RequestTimeout + TimeSpan.FromSeconds(1);

    // Beyond this, the figures would describe the generator instead of the service.
    private static readonly TimeSpan MaxLateness = TimeSpan.FromSeconds(1);

    public static async Task<IEnumerable<Result>> MeasureAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var capacity = await Capacity.FindAsync(service, plan, cancellationToken);
        var rounds = new List<Round>();
        for (var number = 1; number <= plan.Rounds; number++)
        {
            var peak = await service.Generator.SaturateAsync(capacity.Peak.Connections, plan.Peak, cancellationToken);
            await WriteAsync(service, number, "peak", peak);
            var overload = await service.Generator.SendAsync(capacity.PerSecond * MultipleOfCapacity, plan.Overload, cancellationToken);
            await WriteAsync(service, number, "overload", overload);
            var afterwards = await service.Generator.SendAsync(peak.ServedPerSecond * ShareOfPeakAfterwards, plan.Peak, cancellationToken);
            await WriteAsync(service, number, "afterwards", afterwards);
            rounds.Add(new Round(peak, overload, afterwards));
        }

        return
        [
            Result.Share("successful responses/s", service.Tasks, Median.Of(
                rounds.Select(round => round.Overload.ServedPerSecond / round.Peak.ServedPerSecond)), "of the peak's", MinShareOfPeak),
            Result.Within("p99 of successful responses", service.Tasks,
                MedianOf(rounds, overload => overload.Percentile(RequestOutcome.Served, 0.99)), RequestTimeout),
            Result.Within("p99 of rejections, with 429 or 503", service.Tasks,
                MedianOf(rounds, overload => overload.Percentile(RequestOutcome.Rejected, 0.99)), MaxRejectionTime),
            Result.Within("of both: p99 of the generator's own delay", service.Tasks, MedianOf(rounds, overload => overload.Lateness(0.99)),
                MaxLateness),
            Result.None("requests not sent, because all connections were busy", service.Tasks,
                rounds.Sum(round => round.Overload.CountOf(RequestOutcome.NotSent)), rounds.Sum(round => round.Overload.Count)),
            Result.None(
                "requests rejected or not sent right afterwards",
                service.Tasks,
                rounds.Sum(round => round.Afterwards.Count - round.Afterwards.CountOf(RequestOutcome.Served)),
                rounds.Sum(round => round.Afterwards.Count)),
            await service.VerifyAsync(cancellationToken),
        ];
    }

    private static TimeSpan MedianOf(IEnumerable<Round> rounds, Func<Replies, double> milliseconds) =>
        TimeSpan.FromMilliseconds(Median.Of(rounds.Select(round => milliseconds(round.Overload))));

    private static Task WriteAsync(LoadedService service, int number, string phase, Replies replies) => ProgressLog.WriteAsync(
        service.Engine,
        $"round {number}, {phase}: {replies.ServedPerSecond:0} successful responses/s, p50 and p99 {replies.Latency(RequestOutcome.Served)} ms; "
        + $"{Result.Number(replies.CountOf(RequestOutcome.Rejected))} rejected, {replies.Latency(RequestOutcome.Rejected)} ms; {Result.Number(replies.CountOf(RequestOutcome.NotSent))} not sent, half and 99 % of the others late by {replies.Lateness(0.5):0} and {replies.Lateness(0.99):0} ms");

    private sealed record Round(Replies Peak, Replies Overload, Replies Afterwards);
}
