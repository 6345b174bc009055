using Analytics.Application.Concurrency;
using Microsoft.Extensions.Logging;

namespace Analytics.Application.Organisations;

/// <summary>Reads the version of each organisation that has subscribers once a second, however many there are.</summary>
public sealed class OrganisationVersionPoller(
    DbDataSource database, DatabaseConcurrencyLimiter limiter, TimeProvider clock, ILogger<OrganisationVersionPoller> logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, PolledOrganisation> _polled = [];

    public VersionSubscription Subscribe(long organisationId)
    {
        lock (_lock)
        {
            if (!_polled.TryGetValue(organisationId, out var polled))
            {
                _polled[organisationId] = polled = new PolledOrganisation(organisationId);
                _ = PollAsync(polled, polled.Stopped);
            }

            polled.SubscriberCount++;
            return new VersionSubscription(this, polled);
        }
    }

    public bool HasSubscribers(long organisationId)
    {
        lock (_lock)
        {
            return _polled.ContainsKey(organisationId);
        }
    }

    internal void Unsubscribe(PolledOrganisation polled)
    {
        lock (_lock)
        {
            if (--polled.SubscriberCount > 0)
            {
                return;
            }

            _polled.Remove(polled.Id);
        }

        polled.Dispose();
    }

    // Waits before the first read, so that a short subscription costs no statement.
    private async Task PollAsync(PolledOrganisation polled, CancellationToken stopped)
    {
        var isFailing = false;
        using var timer = new PeriodicTimer(Interval, clock);
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stopped);
                polled.Publish(await ReadAsync(polled.Id, stopped));
                isFailing = false;
            }
            catch (Exception exception)
            {
                if (!isFailing && !stopped.IsCancellationRequested)
                {
                    logger.LogWarning(
                        exception, "Reading the version of organisation {OrganisationId} failed: retrying each second", polled.Id);
                }

                isFailing = true;
            }
        }
    }

    private async Task<OrganisationVersion> ReadAsync(long organisationId, CancellationToken cancellationToken)
    {
        using var lease = await limiter.AcquirePollAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await OrganisationVersionStore.ReadAsync(connection, organisationId, cancellationToken);
    }
}

public sealed class VersionSubscription : IDisposable
{
    private readonly OrganisationVersionPoller _poller;
    private PolledOrganisation? _polled;

    internal VersionSubscription(OrganisationVersionPoller poller, PolledOrganisation polled) => (_poller, _polled) = (poller, polled);

    public VersionSnapshot Latest => _polled?.Latest ?? throw new ObjectDisposedException(nameof(VersionSubscription));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _polled, null) is { } polled)
        {
            _poller.Unsubscribe(polled);
        }
    }
}

/// <param name="version">Null before the first read.</param>
public sealed class VersionSnapshot(OrganisationVersion? version)
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OrganisationVersion? Version => version;

    // Completes when a different version has been read.
    public Task Changed => _changed.Task;

    internal void SetChanged() => _changed.SetResult();
}

internal sealed class PolledOrganisation(long id) : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private volatile VersionSnapshot _latest = new(version: null);

    public long Id => id;

    public int SubscriberCount { get; set; }

    public VersionSnapshot Latest => _latest;

    public CancellationToken Stopped => _stopped.Token;

    public void Publish(OrganisationVersion version)
    {
        var previous = _latest;
        if (previous.Version != version)
        {
            _latest = new VersionSnapshot(version);
            previous.SetChanged();
        }
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }
}
