namespace Analytics.Bench;

/// <summary>
/// The service's requests per second, as a share of the baseline's, and how they change with the number of tasks.
/// The servers alternate, so that variations of the machine affect all of them.
/// </summary>
internal static class RequestRates
{
    private const double MinShareAtMaxTasks = 0.85;

    public static async Task<IEnumerable<Result>> MeasureAsync(BenchEnvironment environment, Plan plan, CancellationToken cancellationToken)
    {
        Mode[] modes =
        [
            new("with the response cache", environment.Engine.MinShareWithCache, fixture => fixture.WithCache),
            new("without the response cache", environment.Engine.MinShareWithoutCache, fixture => fixture.WithoutCache),
        ];

        await ProgressLog.WriteAsync(environment.Engine, "requests, warming up");
        await RunRoundAsync(environment, modes, isReversed: false, plan.WarmUpSeconds, cancellationToken);

        var passes = new List<Pass>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            await ProgressLog.WriteAsync(environment.Engine, $"requests, round {round} of {plan.Rounds}");
            passes.AddRange(await RunRoundAsync(environment, modes, isReversed: round % 2 == 0, plan.Seconds, cancellationToken));
        }

        return ToResults(environment, passes.ToLookup(pass => pass.Mode));
    }

    // Every server once, and the baseline once per mode, so that compared values are measured close together.
    private static async Task<List<Pass>> RunRoundAsync(
        BenchEnvironment environment, IEnumerable<Mode> modes, bool isReversed, int seconds, CancellationToken cancellationToken)
    {
        var passes = new List<Pass>();
        foreach (var mode in modes)
        {
            var servers = environment.Fixtures.Select(mode.GetService).Prepend(environment.Baseline);
            var loads = new Dictionary<Server, Load>();
            foreach (var server in isReversed ? servers.Reverse() : servers)
            {
                loads[server] = await Load.RunAsync(server, seconds, cancellationToken);
            }

            passes.Add(new Pass(
                mode, loads[environment.Baseline], [.. environment.Fixtures.Select(fixture => loads[mode.GetService(fixture)])]));
        }

        return passes;
    }

    private static IEnumerable<Result> ToResults(BenchEnvironment environment, ILookup<Mode, Pass> passes)
    {
        foreach (var mode in passes)
        {
            for (var i = 0; i < environment.Fixtures.Count; i++)
            {
                yield return CompareWithBaseline(
                    mode.Key, environment.Fixtures[i], [.. mode.Select(pass => (pass.Services[i], pass.Baseline))]);
            }

            if (environment.Fixtures.Count > 1)
            {
                yield return CompareWithSmallest(mode.Key, environment, [.. mode.Select(pass => (pass.Services[^1], pass.Services[0]))]);
            }
        }
    }

    private static Result CompareWithBaseline(Mode mode, Fixture fixture, IReadOnlyList<(Load Service, Load Baseline)> rounds) =>
        Result.Share(
        $"requests/s {mode.Name}",
        Result.Number(fixture.Tasks),
        Median.Of(rounds.Select(round => round.Service.RequestsPerSecond / round.Baseline.RequestsPerSecond)),
        "of the baseline's",
        mode.MinShare,
        Median.Of(rounds.Select(round => round.Service.P99 / round.Baseline.P99)));

    private static Result CompareWithSmallest(
        Mode mode, BenchEnvironment environment, IReadOnlyList<(Load Largest, Load Smallest)> rounds) => Result.Share(
        $"requests/s {mode.Name}",
        environment.LargestToSmallest,
        Median.Of(rounds.Select(round => round.Largest.RequestsPerSecond / round.Smallest.RequestsPerSecond)),
        $"of those at {Result.Number(environment.Fixtures[0].Tasks)}",
        MinShareAtMaxTasks,
        Median.Of(rounds.Select(round => round.Largest.P99 / round.Smallest.P99)));

    private sealed record Mode(string Name, double? MinShare, Func<Fixture, Server> GetService);

    // One round of one mode, the services smallest first.
    private sealed record Pass(Mode Mode, Load Baseline, IReadOnlyList<Load> Services);
}
