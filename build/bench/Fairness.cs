using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>
/// Other tenants' reads and pushes, alone and beside a heavy tenant, alternately; and, for comparison, beside threads that only use the
/// processors. Nothing of theirs may be rejected.
/// </summary>
internal static class Fairness
{
    private const double RequestsPerSecond = 40;
    private const double MaxReadMultiple = 5;

    private static readonly TimeSpan MaxPushTime = TimeSpan.FromMilliseconds(500);

    public static async Task<IEnumerable<Result>> MeasureAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        // Tiered compilation and the first connections would count for the first phase only.
        await service.Generator.SendAsync(RequestsPerSecond, plan.Peak, cancellationToken);
        var rounds = new List<Round>();
        for (var number = 1; number <= plan.Rounds; number++)
        {
            var round = new Round(
                await MeasureAsync(service, plan, number, "alone", static (_, _) => Task.CompletedTask, cancellationToken),
                await MeasureAsync(
                    service, plan, number, "beside busy processors", (_, stop) => UseProcessorsAsync(stop), cancellationToken),
                await MeasureAsync(
                    service, plan, number, "beside a heavy tenant",
                    (heavy, stop) => HeavyTenant.RunAsync(heavy.Server, heavy.Database, stop), cancellationToken));
            rounds.Add(round);
        }

        double MedianOf(Func<Round, double> figure) => Median.Of(rounds.Select(figure));
        return
        [
            Result.Multiple(
                "p99 of other tenants' reads beside a heavy tenant", service.Tasks,
                MedianOf(round => ReadP99(round.Heavy) / ReadP99(round.Alone)), "that alone", MaxReadMultiple),
            Result.Multiple(
                "the same beside busy processors, without work of the database", service.Tasks,
                MedianOf(round => ReadP99(round.Busy) / ReadP99(round.Alone)), "that alone", max: null),
            Result.Within(
                "p99 of other tenants' pushes beside a heavy tenant", service.Tasks,
                TimeSpan.FromMilliseconds(MedianOf(round => round.Heavy.Pushes.Percentile(RequestOutcome.Served, 0.99))), MaxPushTime),
            Result.None(
                "other tenants' requests rejected or not sent", service.Tasks,
                rounds.Sum(round => round.Heavy.Count - round.Heavy.CountOf(RequestOutcome.Served)),
                rounds.Sum(round => round.Heavy.Count)),
            await service.VerifyAsync(cancellationToken),
        ];
    }

    private static async Task<Replies> MeasureAsync(
        LoadedService service, LoadPlan plan, int number, string phase, Func<LoadedService, CancellationToken, Task> beside,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = beside(service, stop.Token);
        var replies = await service.Generator.SendAsync(RequestsPerSecond, plan.Overload, cancellationToken);
        await stop.CancelAsync();
        await load;
        await ProgressLog.WriteAsync(
            service.Engine,
            $"round {number}, {phase}: reads p50 and p99 {replies.Reads.Latency(RequestOutcome.Served)} ms, "
            + $"pushes {replies.Pushes.Latency(RequestOutcome.Served)} ms, {replies.NotServed}");
        return replies;
    }

    private static Task UseProcessorsAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount)
        .Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Thread.SpinWait(1_000);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static double ReadP99(Replies replies) => replies.Reads.Percentile(RequestOutcome.Served, 0.99);

    private sealed record Round(Replies Alone, Replies Busy, Replies Heavy);
}
