namespace Analytics.Bench;

/// <summary>
/// How many requests a second the service answers, as a share of the yardstick's, and how that changes with the number of
/// tasks. The servers take turns: what slows the machine down slows them all down.
/// </summary>
internal static class RequestRates
{
    private const double LeastAtMostTasks = 0.85;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Stage stage, Plan plan, CancellationToken cancellationToken)
    {
        Mode[] modes =
        [
            new("with the answer cache", stage.Engine.LeastWithCache, scene => scene.WithCache),
            new("without the answer cache", stage.Engine.LeastWithoutCache, scene => scene.WithoutCache),
        ];

        await ProgressLog.SayAsync(stage.Engine, "requests, warming up");
        await RunRoundAsync(stage, modes, isReversed: false, plan.WarmingSeconds, cancellationToken);

        var passes = new List<Pass>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            await ProgressLog.SayAsync(stage.Engine, $"requests, round {round} of {plan.Rounds}");
            passes.AddRange(await RunRoundAsync(stage, modes, isReversed: round % 2 == 0, plan.Seconds, cancellationToken));
        }

        return FindingsOf(stage, passes.ToLookup(pass => pass.Mode));
    }

    /// <summary>Every server once; the yardstick once with each mode, so that what is compared is measured close together.</summary>
    private static async Task<List<Pass>> RunRoundAsync(Stage stage, IEnumerable<Mode> modes, bool isReversed, int seconds, CancellationToken cancellationToken)
    {
        var passes = new List<Pass>();
        foreach (var mode in modes)
        {
            var servers = stage.Scenes.Select(mode.ServiceOf).Prepend(stage.Yardstick);
            var loads = new Dictionary<Server, Load>();
            foreach (var server in isReversed ? servers.Reverse() : servers)
            {
                loads[server] = await Load.PutOnAsync(server, seconds, cancellationToken);
            }

            passes.Add(new Pass(mode, loads[stage.Yardstick], [.. stage.Scenes.Select(scene => loads[mode.ServiceOf(scene)])]));
        }

        return passes;
    }

    private static IEnumerable<Finding> FindingsOf(Stage stage, ILookup<Mode, Pass> passes)
    {
        foreach (var mode in passes)
        {
            for (var i = 0; i < stage.Scenes.Count; i++)
            {
                yield return AgainstYardstick(mode.Key, stage.Scenes[i], [.. mode.Select(pass => (pass.Services[i], pass.Yardstick))]);
            }

            if (stage.Scenes.Count > 1)
            {
                yield return AgainstSmallest(mode.Key, stage, [.. mode.Select(pass => (pass.Services[^1], pass.Services[0]))]);
            }
        }
    }

    private static Finding AgainstYardstick(Mode mode, Scene scene, IReadOnlyList<(Load Service, Load Yardstick)> rounds) => Finding.Share(
        $"requests/s {mode.Name}",
        Finding.Number(scene.Tasks),
        Median.Of(rounds.Select(round => round.Service.RequestsPerSecond / round.Yardstick.RequestsPerSecond)),
        "of the yardstick's",
        mode.Least,
        Median.Of(rounds.Select(round => round.Service.P99 / round.Yardstick.P99)));

    private static Finding AgainstSmallest(Mode mode, Stage stage, IReadOnlyList<(Load Largest, Load Smallest)> rounds) => Finding.Share(
        $"requests/s {mode.Name}",
        stage.Extremes,
        Median.Of(rounds.Select(round => round.Largest.RequestsPerSecond / round.Smallest.RequestsPerSecond)),
        $"of those at {Finding.Number(stage.Scenes[0].Tasks)}",
        LeastAtMostTasks,
        Median.Of(rounds.Select(round => round.Largest.P99 / round.Smallest.P99)));

    /// <summary>A way of running the service.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Least">The least share of the yardstick's requests, where there is a bar.</param>
    /// <param name="ServiceOf">Which of a scene's services runs so.</param>
    private sealed record Mode(string Name, double? Least, Func<Scene, Server> ServiceOf);

    /// <summary>What one round measured of one mode, the services smallest first.</summary>
    private sealed record Pass(Mode Mode, Load Yardstick, IReadOnlyList<Load> Services);
}
