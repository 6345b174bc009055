using System.Collections.Concurrent;
using Analytics.Application.Concurrency;
using Analytics.Application.Observability;

namespace Analytics.Application.Organisations;

/// <summary>
/// The lookups of requests and those of streams, which other requests do not wait for: all streams send a query when a quarter hour ends.
/// </summary>
internal sealed class OrganisationLookups
{
    public OrganisationLookups(IOrganisationReader reader, DatabaseConcurrencyLimiter limiter, TimeProvider clock)
    {
        var cachedIds = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        OfRequests = new(reader, cachedIds, clock, limiter.AcquireLookupBatchAsync, "lookup");
        OfStreams = new(reader, cachedIds, clock, limiter.AcquireStreamLookupBatchAsync, "stream");
    }

    public OrganisationLookup OfRequests { get; }

    public OrganisationLookup OfStreams { get; }
}

/// <summary>Finds the active organisation with a handle for one of its members, with its current version.</summary>
internal sealed class OrganisationLookup
{
    private const long NonexistentId = -1;

    private readonly ConcurrentDictionary<string, long> _cachedIds;
    private readonly LookupBatches<MemberKey, ResolvedOrganisation> _members;
    private readonly LookupBatches<string, long?> _ids;

    /// <param name="reader">Reads the database.</param>
    /// <param name="cachedIds">
    /// The id of each handle that a member has used. A cached id saves the lookup by handle; the next statement checks it, so an outdated
    /// id does no harm. Only existing handles are cached, so clients cannot fill the memory.
    /// </param>
    /// <param name="clock">The clock.</param>
    /// <param name="acquirePermit">Acquires the permit of a batch.</param>
    /// <param name="queue">The queue's name in the metrics.</param>
    public OrganisationLookup(
        IOrganisationReader reader, ConcurrentDictionary<string, long> cachedIds, TimeProvider clock,
        Func<ValueTask<IDisposable>> acquirePermit, string queue)
    {
        _cachedIds = cachedIds;
        _members = new(clock, acquirePermit, AddWaiting, reader.ReadForMembersAsync);
        _ids = new(clock, acquirePermit, AddWaiting, reader.ReadIdsAsync);

        void AddWaiting(int requests) => AnalyticsMetrics.AddQueued(queue, requests);
    }

    public async Task<ResolvedOrganisation?> FindAsync(OrganisationScope scope, CancellationToken cancellationToken)
    {
        var key = new MemberKey(NonexistentId, scope.Handle, scope.UserId!);
        var cachedId = _cachedIds.GetValueOrDefault(key.Handle, NonexistentId);
        if (await _members.FindAsync(key with { OrganisationId = cachedId }, cancellationToken) is { } resolvedFromCache)
        {
            return resolvedFromCache;
        }

        // Also reads with the nonexistent id: otherwise the response time would reveal whether the handle exists.
        var id = await _ids.FindAsync(key.Handle, cancellationToken) ?? NonexistentId;
        var resolved = await _members.FindAsync(key with { OrganisationId = id }, cancellationToken);
        if (resolved is not null)
        {
            _cachedIds[key.Handle] = id;
        }

        return resolved;
    }
}
