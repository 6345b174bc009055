using Analytics.Application.Demo;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

/// <summary>Adds a call of the demo every few seconds, so that live numbers move: only to a database that this start has created.</summary>
internal sealed class LiveDemo(NorthwindData northwind, TimeProvider clock, ILogger<LiveDemo> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    // While the database is unavailable, or its organisation was erased.
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!northwind.IsCreated)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await AddCallAsync(stoppingToken);
                timer.Period = _isFailing ? RetryInterval : Interval;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // If the start fails, the host takes the cancellation for a defect and logs it with its stack.
        }
    }

    private async Task AddCallAsync(CancellationToken stoppingToken)
    {
        try
        {
            await northwind.AddCallAsync(stoppingToken);
            _isFailing = false;
        }
        catch (Exception exception)
        {
            if (!_isFailing && !stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(
                    exception, "The demo's next call was not written: retrying every {Seconds} s", RetryInterval.TotalSeconds);
            }

            _isFailing = true;
        }
    }
}

internal static class LiveDemoSetup
{
    public static IServiceCollection AddLiveDemo(this IServiceCollection services, IConfiguration configuration, bool isDemo) =>
        configuration.GetBoolean(SettingKeys.LiveDemo, defaultValue: true) && isDemo ? services.AddHostedService<LiveDemo>() : services;
}
