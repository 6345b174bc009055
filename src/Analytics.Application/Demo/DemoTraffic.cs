using Analytics.Application.Ingestion;
using Analytics.Application.Organisations;

namespace Analytics.Application.Demo;

/// <summary>A call of the demo every few seconds while somebody follows its numbers: the dashboard moves, and documented responses stay.</summary>
public sealed class DemoTraffic(TaskWriter tasks, OrganisationVersionPoller poller, TimeProvider clock)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (poller.HasSubscribers(DemoData.OrganisationId))
            {
                await tasks.WriteAsync(DemoData.OrganisationId, [DemoTasks.CreateCall(Timestamp.Now(clock))], stopping);
            }
        }
    }
}
