using System.Data.Common;
using Analytics.Application.Pipeline;
using Microsoft.Extensions.Logging;

namespace Analytics.Application.Organisations;

/// <summary>Looks at the versions of organisations while somebody listens: once a second each, however many listen.</summary>
public sealed class VersionWatch(DbDataSource database, DatabasePlaces places, TimeProvider clock, ILogger<VersionWatch> logger)
{
    /// <summary>How long a change can go unseen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, WatchedOrganisation> _watched = [];

    /// <summary>Listens to one organisation until disposed of.</summary>
    public VersionListener Listen(long organisationId)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(organisationId, out var watched))
            {
                _watched[organisationId] = watched = new WatchedOrganisation(organisationId);
                _ = WatchAsync(watched, watched.Ended);
            }

            watched.Listeners++;
            return new VersionListener(this, watched);
        }
    }

    internal void Leave(WatchedOrganisation watched)
    {
        lock (_lock)
        {
            if (--watched.Listeners > 0)
            {
                return;
            }

            _watched.Remove(watched.Id);
        }

        watched.Dispose();
    }

    /// <summary>It waits before it looks, so that whoever comes and goes quickly costs no statement.</summary>
    private async Task WatchAsync(WatchedOrganisation watched, CancellationToken ended)
    {
        var isFailing = false;
        using var timer = new PeriodicTimer(Interval, clock);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(ended);
                watched.See(await ReadAsync(watched.Id, ended));
                isFailing = false;
            }
            catch (Exception exception)
            {
                if (!isFailing && !ended.IsCancellationRequested)
                {
                    logger.LogWarning(exception, "The version of organisation {OrganisationId} cannot be read: it is tried again each second", watched.Id);
                }

                isFailing = true;
            }
        }
    }

    private async Task<OrganisationVersion> ReadAsync(long organisationId, CancellationToken cancellationToken)
    {
        using var place = await places.TakeForLookAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await OrganisationVersions.ReadAsync(connection, organisationId, cancellationToken);
    }
}

/// <summary>One that listens to an organisation's version.</summary>
public sealed class VersionListener : IDisposable
{
    private readonly VersionWatch _watch;
    private WatchedOrganisation? _watched;

    internal VersionListener(VersionWatch watch, WatchedOrganisation watched) => (_watch, _watched) = (watch, watched);

    /// <summary>What was seen last.</summary>
    public SeenVersion Seen => _watched?.Seen ?? throw new ObjectDisposedException(nameof(VersionListener));

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _watched, null) is { } watched)
        {
            _watch.Leave(watched);
        }
    }
}

/// <summary>A version as it was seen.</summary>
/// <param name="version">The version; absent before the first look.</param>
public sealed class SeenVersion(OrganisationVersion? version)
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The version; absent before the first look.</summary>
    public OrganisationVersion? Version => version;

    /// <summary>Is completed once another version has been seen.</summary>
    public Task Changed => _changed.Task;

    internal void Pass() => _changed.SetResult();
}

/// <summary>An organisation that somebody listens to.</summary>
internal sealed class WatchedOrganisation(long id) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private volatile SeenVersion _seen = new(version: null);

    public long Id => id;

    public int Listeners { get; set; }

    public SeenVersion Seen => _seen;

    public CancellationToken Ended => _ended.Token;

    public void See(OrganisationVersion version)
    {
        var last = _seen;
        if (last.Version != version)
        {
            _seen = new SeenVersion(version);
            last.Pass();
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }
}
