using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>The highest rate of random arrivals at which the service rejects no request.</summary>
/// <remarks><c>Peak</c> is measured with a closed loop, whose rate never exceeds that of the responses.</remarks>
internal sealed record Capacity(double PerSecond, Peak Peak)
{
    private const int StepsDown = 10;

    // Starts at the peak and reduces the rate by a tenth of it each time.
    public static async Task<Capacity> FindAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var peak = await Peak.FindAsync(service, plan.Step, cancellationToken);
        for (var tenths = StepsDown; tenths > 0; tenths--)
        {
            var perSecond = peak.PerSecond * tenths / StepsDown;
            var replies = await service.Generator.SendAsync(perSecond, plan.Steady, cancellationToken);
            await ProgressLog.WriteAsync(
                service.Engine,
                $"capacity, {perSecond:0} requests/s for {plan.Steady.TotalSeconds:0} s: p50 and p99 {replies.Latency(RequestOutcome.Served)} ms, {replies.NotServed}");
            if (replies.CountOf(RequestOutcome.Served) == replies.Count)
            {
                return new Capacity(perSecond, peak);
            }
        }

        throw new InvalidOperationException("Requests are rejected at every rate.");
    }
}
