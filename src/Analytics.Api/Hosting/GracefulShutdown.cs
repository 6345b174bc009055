using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

/// <summary>Adds <see cref="DrainService"/>.</summary>
internal static class GracefulShutdown
{
    private const string DrainKey = "Shutdown:DrainSeconds";
    private const int DefaultDrainSeconds = 3;
    private const int MaxDrainSeconds = 10;

    /// <summary>With what is in flight. In all it is 20 s, with what then is cut off, and what is left to tell a collector that answers.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(16);

    public static IServiceCollection AddGracefulShutdown(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        // Nobody waits for balancers in Development.
        var drain = SettingReader.GetInt32(configuration, DrainKey, environment.IsDevelopment() ? 0 : DefaultDrainSeconds, min: 0, MaxDrainSeconds, "seconds");
        return services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddHostedService(provider => new DrainService(
                TimeSpan.FromSeconds(drain), provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<TimeProvider>()));
    }
}

/// <summary>
/// How the service stops when it is told to: it is not ready at once and its streams end, it goes on answering for a while,
/// so that balancers see it and send nothing more, and then finishes what is in flight.
/// </summary>
/// <param name="drain">For how long it goes on: <c>Shutdown:DrainSeconds</c>.</param>
/// <param name="lifetime">Whether it has been told.</param>
/// <param name="clock">The clock.</param>
internal sealed class DrainService(TimeSpan drain, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>Runs before the web server stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is disposed of without being told has nobody to wait for.
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
