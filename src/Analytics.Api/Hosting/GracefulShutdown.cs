using System.Net.Sockets;
using System.Runtime.InteropServices;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting.Systemd;

namespace Analytics.Api.Hosting;

internal static class GracefulShutdown
{
    // Includes the drain and the requests in flight. Aborting the rest, flushing telemetry and the log take up to 5 s more.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    public static IServiceCollection AddGracefulShutdown(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        // There is no load balancer in Development.
        var defaultSeconds = environment.IsDevelopment() ? 0 : 3;
        var drainSeconds = configuration.GetInt32(SettingKeys.DrainSeconds, defaultSeconds, min: 0, max: 10);
        return services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<ISystemdNotifier, SystemdNotifier>()
            .AddHostedService(provider => ActivatorUtilities.CreateInstance<LifecycleService>(provider, TimeSpan.FromSeconds(drainSeconds)));
    }
}

/// <summary>
/// On shutdown, readiness fails and streams end at once. The service then accepts requests for <c>Shutdown:DrainSeconds</c>,
/// until load balancers send no more, and completes those in flight. systemd is told when the service is ready and when it stops.
/// </summary>
internal sealed class LifecycleService(
    TimeSpan drain, IHostApplicationLifetime lifetime, IServer server, ISystemdNotifier systemd, TimeProvider clock)
    : IHostedLifecycleService, IDisposable
{
    private PosixSignalRegistration? _hangup;

    // The host itself handles SIGTERM, SIGINT and SIGQUIT. SIGHUP, of a closed terminal, would end the process at once.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            lifetime.StopApplication();
        });
        return Task.CompletedTask;
    }

    // Runs after Kestrel has started. The service is ready after that.
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await ServerWarmUp.RunAsync(server, cancellationToken);
        Notify(ServiceState.Ready);
    }

    // Runs before Kestrel stops.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // No drain for a host that is disposed of without a shutdown request, as in tests.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            Notify(ServiceState.Stopping);
            await Task.Delay(drain, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _hangup?.Dispose();

    private void Notify(ServiceState state)
    {
        try
        {
            systemd.Notify(state);
        }
        catch (SocketException)
        {
            // An inherited NOTIFY_SOCKET whose owner has gone.
        }
    }
}
