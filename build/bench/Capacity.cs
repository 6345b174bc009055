using Analytics.Bench.Traffic;

namespace Analytics.Bench;

/// <summary>The most requests a second, arriving by chance, of which a service refuses none.</summary>
/// <param name="PerSecond">How many these are.</param>
/// <param name="Peak">What it gives to those who wait for their answers: they never bring more than is answered, and say nothing of that.</param>
internal sealed record Capacity(double PerSecond, Peak Peak)
{
    private const int StepsDown = 10;

    /// <summary>A tenth of the peak less each time, until there is such a rate.</summary>
    public static async Task<Capacity> FindAsync(LoadedService service, LoadPlan plan, CancellationToken cancellationToken)
    {
        var peak = await Peak.FindAsync(service, plan.Step, cancellationToken);
        for (var tenths = StepsDown; tenths > 0; tenths--)
        {
            var perSecond = peak.PerSecond * tenths / StepsDown;
            var replies = await service.Generator.SendAsync(perSecond, plan.Steady, cancellationToken);
            await ProgressLog.SayAsync(service.Engine, $"capacity, {perSecond:0} requests/s for {plan.Steady.TotalSeconds:0} s: p50 and p99 {replies.Latency(Fate.Served)} ms, {replies.NotServed}");
            if (replies.CountOf(Fate.Served) == replies.Count)
            {
                return new Capacity(perSecond, peak);
            }
        }

        throw new InvalidOperationException("Requests are refused at any rate.");
    }
}
