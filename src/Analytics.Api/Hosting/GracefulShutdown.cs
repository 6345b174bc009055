using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

internal static class GracefulShutdown
{
    // Includes the drain and the requests in flight. Aborting the rest and flushing telemetry take up to 4 s more.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(16);

    public static IServiceCollection AddGracefulShutdown(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        // There is no load balancer in Development.
        var defaultSeconds = environment.IsDevelopment() ? 0 : 3;
        var drainSeconds = configuration.GetInt32(SettingKeys.DrainSeconds, defaultSeconds, min: 0, max: 10);
        return services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddHostedService(provider => ActivatorUtilities.CreateInstance<DrainService>(provider, TimeSpan.FromSeconds(drainSeconds)));
    }
}

/// <summary>
/// On shutdown, readiness fails and streams end at once. The service then accepts requests for <c>Shutdown:DrainSeconds</c>,
/// until load balancers send no more, and completes those in flight.
/// </summary>
internal sealed class DrainService(TimeSpan drain, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService
{
    // Runs before Kestrel stops.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // No drain for a host that is disposed of without a shutdown request, as in tests.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await Task.Delay(drain, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
