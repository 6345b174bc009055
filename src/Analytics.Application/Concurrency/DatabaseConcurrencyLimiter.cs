using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

/// <summary>
/// Limits concurrent work on the database. The queues are bounded: under overload, excess requests fail fast instead of
/// all requests timing out. A request first has its organisation looked up, together with others. Once the organisation is
/// known, it acquires a permit for its own work, of which each organisation has only a part.
/// </summary>
public sealed class DatabaseConcurrencyLimiter : IDisposable
{
    // All streams send a query when a quarter hour ends. They have no timeout, so the queues hold one query per stream.
    public static readonly ConcurrencyLimit StreamLimit = new(8, 5_000);

    // Few, because a batch of lookups is one round trip of short statements: unknown handles cannot load the database with more.
    public const int MaxConcurrentLookups = 4;

    public const int MaxConcurrentPolls = 3;

    // A lookup of a user's organisations reads as many rows as the user has memberships.
    private static readonly ConcurrencyLimit UserLookupLimit = new(PermitLimit: 1, QueueLimit: 16);

    // Writers of one organisation wait for the same row lock, so more permits would only block other organisations.
    private const int MaxWritesPerOrganisation = 2;

    // A page examines up to 10,000 tasks and uses a processor all the while, so it counts as two of its organisation's reads.
    private const int PermitsPerTaskRead = 2;

    private readonly ConcurrencyLimiter _admittedLookups;
    private readonly ConcurrencyLimiter _lookups;
    private readonly PartitionedRateLimiter<string> _userLookups = PartitionedRateLimiter.Create<string, string>(
        userId => RateLimitPartition.GetConcurrencyLimiter(userId, _ => UserLookupLimit.ToOptions()));

    private readonly ConcurrencyLimiter _streamLookups;
    private readonly ConcurrencyLimiter _polls;
    private readonly OrganisationConcurrencyLimiter _reads;
    private readonly OrganisationConcurrencyLimiter _streams;
    private readonly OrganisationConcurrencyLimiter _writes;
    private readonly Func<string, IDisposable>? _trackQueued;

    /// <param name="readLimit">For queries, except those of streams.</param>
    /// <param name="writeLimit">For commands.</param>
    /// <param name="trackQueued">Called with the queue's name when a request has to wait; disposed of when the wait ends.</param>
    public DatabaseConcurrencyLimiter(
        ConcurrencyLimit readLimit, ConcurrencyLimit writeLimit, Func<string, IDisposable>? trackQueued = null)
    {
        // What may afterwards hold or wait for a permit may wait for its lookup too: a shorter queue would reject bursts that the others
        // hold.
        var queueLimit = readLimit.PermitLimit + readLimit.QueueLimit + writeLimit.PermitLimit + writeLimit.QueueLimit;
        _admittedLookups = new ConcurrencyLimit(MaxConcurrentLookups + queueLimit, QueueLimit: 0).ToLimiter();
        _lookups = new ConcurrencyLimit(MaxConcurrentLookups, queueLimit).ToLimiter();

        // Separate, so that other requests do not wait behind the queries of all streams.
        _streamLookups = (StreamLimit with { PermitLimit = MaxConcurrentLookups }).ToLimiter();
        _polls = (StreamLimit with { PermitLimit = MaxConcurrentPolls }).ToLimiter();
        _reads = new(readLimit, readLimit.ShareOfOrganisation);
        _streams = new(StreamLimit, StreamLimit.ShareOfOrganisation);
        _writes = new(writeLimit, writeLimit.ShareOfOrganisation with { PermitLimit = MaxWritesPerOrganisation });
        _trackQueued = trackQueued;
    }

    /// <summary>Whether a request may look up its organisation now, or wait for it.</summary>
    public bool CanQueueLookup => _admittedLookups.GetStatistics()!.CurrentAvailablePermits > 0;

    // Every method throws OverloadedException if the queue is full. A lease is returned by disposing of it.

    /// <summary>Counts a request that looks up its organisation, or waits for it.</summary>
    public IDisposable AdmitLookup() => EnsureAcquired(_admittedLookups.AttemptAcquire());

    /// <summary>For the lookups of several requests, each of which has been admitted.</summary>
    public ValueTask<IDisposable> AcquireLookupBatchAsync() => AcquireAsync(_lookups, CancellationToken.None);

    /// <summary>For a lookup that a user may send for no organisation: a user holds one permit at a time.</summary>
    public ValueTask<IDisposable> AcquireUserLookupAsync(string userId, CancellationToken cancellationToken) =>
        TrackAsync(AcquireLookupOfUserAsync(userId, cancellationToken), "lookup");

    public ValueTask<IDisposable> AcquireStreamLookupBatchAsync() => AcquireAsync(_streamLookups, CancellationToken.None);

    public ValueTask<IDisposable> AcquirePollAsync(CancellationToken cancellationToken) =>
        TrackAsync(AcquireAsync(_polls, cancellationToken), "stream");

    public ValueTask<IDisposable> AcquireReadAsync(long organisationId, CancellationToken cancellationToken) =>
        TrackAsync(_reads.AcquireAsync(organisationId, organisationPermits: 1, cancellationToken), "read");

    /// <summary>For a query that reads single tasks instead of rollups.</summary>
    public ValueTask<IDisposable> AcquireTaskReadAsync(long organisationId, CancellationToken cancellationToken) =>
        TrackAsync(_reads.AcquireAsync(organisationId, PermitsPerTaskRead, cancellationToken), "read");

    public ValueTask<IDisposable> AcquireStreamAsync(long organisationId, CancellationToken cancellationToken) =>
        TrackAsync(_streams.AcquireAsync(organisationId, organisationPermits: 1, cancellationToken), "stream");

    public ValueTask<IDisposable> AcquireWriteAsync(long organisationId, CancellationToken cancellationToken) =>
        TrackAsync(_writes.AcquireAsync(organisationId, organisationPermits: 1, cancellationToken), "write");

    public void Dispose()
    {
        _admittedLookups.Dispose();
        _lookups.Dispose();
        _userLookups.Dispose();
        _streamLookups.Dispose();
        _polls.Dispose();
        _reads.Dispose();
        _streams.Dispose();
        _writes.Dispose();
    }

    private static async ValueTask<IDisposable> AcquireAsync(ConcurrencyLimiter limiter, CancellationToken cancellationToken) =>
        EnsureAcquired(await limiter.AcquireAsync(permitCount: 1, cancellationToken));

    private static RateLimitLease EnsureAcquired(RateLimitLease lease) => lease.IsAcquired ? lease : throw new OverloadedException();

    private async ValueTask<IDisposable> AcquireLookupOfUserAsync(string userId, CancellationToken cancellationToken)
    {
        var lease = new CombinedLease();
        try
        {
            lease.Add(await _userLookups.AcquireAsync(userId, permitCount: 1, cancellationToken));
            lease.Add(_admittedLookups.AttemptAcquire());
            lease.Add(await _lookups.AcquireAsync(permitCount: 1, cancellationToken));
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    // Counts a request once, also if it waits for its organisation's or user's permit and then for one of all permits.
    private async ValueTask<IDisposable> TrackAsync(ValueTask<IDisposable> pendingLease, string queue)
    {
        if (pendingLease.IsCompleted)
        {
            return await pendingLease;
        }

        using var queued = _trackQueued?.Invoke(queue);
        return await pendingLease;
    }
}

public sealed class OverloadedException() : Exception("Too many requests use the database already.");
