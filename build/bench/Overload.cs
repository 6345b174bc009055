using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>More than a service can serve: it goes on serving about as much as ever and refuses the rest at once. It is three times the capacity, and takes turns with the peak.</summary>
internal static class Overload
{
    private const double MultipleOfCapacity = 3;
    private const double ShareOfPeakAfterwards = 0.5;
    private const double LeastOfPeak = 0.8;

    /// <summary>The limit of a whole request.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>What has waited until then is called off, and told so.</summary>
    private static readonly TimeSpan LongestRefusal = LongestAnswer + TimeSpan.FromSeconds(1);

    /// <summary>Then the figures would be those of the load.</summary>
    private static readonly TimeSpan LatestLoad = TimeSpan.FromSeconds(1);

    public static async Task<IEnumerable<Finding>> MeasureAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var capacity = await Capacity.FindAsync(service, plan, cancellationToken);
        var rounds = new List<Round>();
        for (var number = 1; number <= plan.Rounds; number++)
        {
            var peak = await service.Generator.SaturateAsync(capacity.Peak.Connections, plan.Peak, cancellationToken);
            await SayAsync(service, number, "peak", peak);
            var overload = await service.Generator.SendAsync(capacity.PerSecond * MultipleOfCapacity, plan.Overload, cancellationToken);
            await SayAsync(service, number, "overload", overload);
            var afterwards = await service.Generator.SendAsync(peak.ServedPerSecond * ShareOfPeakAfterwards, plan.Peak, cancellationToken);
            await SayAsync(service, number, "afterwards", afterwards);
            rounds.Add(new Round(peak, overload, afterwards));
        }

        return
        [
            Finding.Share("good answers/s", service.Tasks, Median.Of(rounds.Select(round => round.Overload.ServedPerSecond / round.Peak.ServedPerSecond)), "of the peak's", LeastOfPeak),
            Finding.Within("p99 of what is served", service.Tasks, MedianOf(rounds, overload => overload.Percentile(Fate.Served, 0.99)), LongestAnswer),
            Finding.Within("p99 of what is refused, with 429 or 503", service.Tasks, MedianOf(rounds, overload => overload.Percentile(Fate.Refused, 0.99)), LongestRefusal),
            Finding.Within("of both: p99 of how late the load itself was", service.Tasks, MedianOf(rounds, overload => overload.Lateness(0.99)), LatestLoad),
            Finding.None("requests not sent, because all connections waited", service.Tasks, rounds.Sum(round => round.Overload.CountOf(Fate.Unsent)), rounds.Sum(round => round.Overload.Count)),
            Finding.None(
                "requests refused or not sent right afterwards",
                service.Tasks,
                rounds.Sum(round => round.Afterwards.Count - round.Afterwards.CountOf(Fate.Served)),
                rounds.Sum(round => round.Afterwards.Count)),
            await service.VerifyAsync(cancellationToken),
        ];
    }

    private static TimeSpan MedianOf(IEnumerable<Round> rounds, Func<Replies, double> milliseconds) => TimeSpan.FromMilliseconds(Median.Of(rounds.Select(round => milliseconds(round.Overload))));

    private static Task SayAsync(LoadedService service, int number, string phase, Replies replies) => ProgressLog.SayAsync(
        service.Engine,
        $"round {number}, {phase}: {replies.ServedPerSecond:0} good answers/s, p50 and p99 {replies.Latency(Fate.Served)} ms; "
        + $"{Finding.Number(replies.CountOf(Fate.Refused))} refused, {replies.Latency(Fate.Refused)} ms; {Finding.Number(replies.CountOf(Fate.Unsent))} not sent, half and 99 % of the others late by {replies.Lateness(0.5):0} and {replies.Lateness(0.99):0} ms");

    private sealed record Round(Replies Peak, Replies Overload, Replies Afterwards);
}
