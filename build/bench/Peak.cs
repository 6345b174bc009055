using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>The most answers that a service gives without refusing anything.</summary>
/// <param name="Connections">How many connections ask at once for it to do so, each again as soon as it is answered.</param>
/// <param name="PerSecond">Good answers in a second.</param>
internal sealed record Peak(int Connections, double PerSecond)
{
    /// <summary>Less is no growth.</summary>
    private const double Growth = 1.03;

    private const int MostConnections = 128;
    private const int WarmingConnections = 16;
    private const int WarmingSteps = 2;

    /// <summary>Twice the connections, until that helps no more, or is too much.</summary>
    public static async Task<Peak> FindAsync(LoadedService service, TimeSpan step, CancellationToken cancellationToken)
    {
        await ProgressLog.SayAsync(service.Engine, "peak, warming up");
        await service.Generator.SaturateAsync(WarmingConnections, step * WarmingSteps, cancellationToken);

        var best = new Peak(1, 0);
        for (var connections = 1; connections <= MostConnections; connections *= 2)
        {
            var replies = await service.Generator.SaturateAsync(connections, step, cancellationToken);
            await ProgressLog.SayAsync(service.Engine, $"peak, {connections} connections: {replies.ServedPerSecond:0} answers/s, p50 and p99 {replies.Latency(Fate.Served)} ms");
            if (replies.CountOf(Fate.Refused) > 0)
            {
                break;
            }

            if (replies.ServedPerSecond > best.PerSecond * Growth)
            {
                best = new Peak(connections, replies.ServedPerSecond);
            }
            else if (connections >= best.Connections * 4)
            {
                break;
            }
        }

        return best;
    }
}
