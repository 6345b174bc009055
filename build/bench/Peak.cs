using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>
/// The highest rate of successful responses in a closed loop without any rejection, and the number of connections for it.
/// </summary>
internal sealed record Peak(int Connections, double PerSecond)
{
    // A smaller factor does not count as growth.
    private const double Growth = 1.03;

    private const int MaxConnections = 128;
    private const int WarmUpConnections = 16;
    private const int WarmUpSteps = 2;

    // Doubles the connections until throughput stops growing or requests are rejected.
    public static async Task<Peak> FindAsync(LoadedService service, TimeSpan step, CancellationToken cancellationToken)
    {
        await ProgressLog.WriteAsync(service.Engine, "peak, warming up");
        await service.Generator.SaturateAsync(WarmUpConnections, step * WarmUpSteps, cancellationToken);

        var best = new Peak(1, 0);
        for (var connections = 1; connections <= MaxConnections; connections *= 2)
        {
            var replies = await service.Generator.SaturateAsync(connections, step, cancellationToken);
            await ProgressLog.WriteAsync(
                service.Engine,
                $"peak, {connections} connections: {replies.ServedPerSecond:0} responses/s, p50 and p99 {replies.Latency(RequestOutcome.Served)} ms");
            if (replies.CountOf(RequestOutcome.Rejected) > 0)
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
