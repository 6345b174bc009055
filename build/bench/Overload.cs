using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>More than a service can serve: it goes on serving about as much as ever and refuses the rest at once. It takes turns with the peak, of which it is three times the load.</summary>
internal static class Overload
{
    private const double MultipleOfPeak = 3;
    private const double ShareOfPeakAfterwards = 0.5;
    private const double LeastOfPeak = 0.8;

    /// <summary>The limit of a whole request.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>What has waited until then is called off, and told so.</summary>
    private static readonly TimeSpan LongestRefusal = LongestAnswer + TimeSpan.FromSeconds(1);

    public static async Task<IEnumerable<Finding>> MeasureAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var best = await Capacity.FindPeakAsync(service, plan.Step, cancellationToken);
        var rounds = new List<Round>();
        for (var number = 1; number <= plan.Rounds; number++)
        {
            var peak = await service.Generator.SaturateAsync(best.Connections, plan.Peak, cancellationToken);
            await SayAsync(service, number, "peak", peak);
            var overload = await service.Generator.SendAsync(peak.ServedPerSecond * MultipleOfPeak, plan.Overload, cancellationToken);
            await SayAsync(service, number, "overload", overload);
            var afterwards = await service.Generator.SendAsync(peak.ServedPerSecond * ShareOfPeakAfterwards, plan.Peak, cancellationToken);
            await SayAsync(service, number, "afterwards", afterwards);
            rounds.Add(new Round(peak, overload, afterwards));
        }

        return
        [
            Finding.Share("good answers/s", service.Tasks, Median.Of(rounds.Select(round => round.Overload.ServedPerSecond / round.Peak.ServedPerSecond)), "of the peak's", LeastOfPeak),
            Finding.Within("p99 of what is served", service.Tasks, P99(rounds, Fate.Served), LongestAnswer),
            Finding.Within("p99 of what is refused, with 429 or 503", service.Tasks, P99(rounds, Fate.Refused), LongestRefusal),
            Finding.None("requests not sent, because all connections waited", service.Tasks, rounds.Sum(round => round.Overload.CountOf(Fate.Unsent)), rounds.Sum(round => round.Overload.Count)),
            Finding.None(
                "requests refused or not sent right afterwards",
                service.Tasks,
                rounds.Sum(round => round.Afterwards.Count - round.Afterwards.CountOf(Fate.Served)),
                rounds.Sum(round => round.Afterwards.Count)),
            await service.VerifyAsync(cancellationToken),
        ];
    }

    private static TimeSpan P99(IEnumerable<Round> rounds, Fate fate) => TimeSpan.FromMilliseconds(Median.Of(rounds.Select(round => round.Overload.Percentile(fate, 0.99))));

    private static Task SayAsync(LoadedService service, int number, string phase, Replies replies) => Progress.SayAsync(
        service.Engine,
        $"round {number}, {phase}: {replies.ServedPerSecond:0} good answers/s, p50 and p99 {replies.Latency(Fate.Served)} ms; "
        + $"{Finding.Number(replies.CountOf(Fate.Refused))} refused, {replies.Latency(Fate.Refused)} ms; {Finding.Number(replies.CountOf(Fate.Unsent))} not sent");

    private sealed record Round(Replies Peak, Replies Overload, Replies Afterwards);
}
