using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

public sealed record ConcurrencyLimit(int PermitLimit, int QueueLimit);

/// <summary>
/// Limits concurrent work on the database. The queues are bounded: under overload, excess requests fail fast instead of
/// all requests timing out.
/// </summary>
/// <param name="readLimit">For queries, except those of streams.</param>
/// <param name="writeLimit">For commands.</param>
/// <param name="trackQueued">Called with the queue's name when a request has to wait; disposed of when the wait ends.</param>
public sealed class DatabaseConcurrencyLimiter(
    ConcurrencyLimit readLimit, ConcurrencyLimit writeLimit, Func<string, IDisposable>? trackQueued = null) : IDisposable
{
    // All streams send a query when a quarter hour ends. They have no timeout, so the queue holds one query per stream.
    public static readonly ConcurrencyLimit StreamLimit = new(8, 5_000);

    public const int MaxConcurrentPolls = 3;
    public const int MaxConcurrentWriteLookups = 4;

    // Writers of one organisation wait for the same row lock, so more permits would only block other organisations.
    private const int MaxWritesPerOrganisation = 2;

    private const int MinOrganisationsToFillQueue = 2;

    private readonly ConcurrencyLimiter _reads = new(ToOptions(readLimit));
    private readonly ConcurrencyLimiter _streams = new(ToOptions(StreamLimit));
    private readonly ConcurrencyLimiter _polls = new(ToOptions(StreamLimit with { PermitLimit = MaxConcurrentPolls }));
    private readonly ConcurrencyLimiter _admittedWrites =
        new(ToOptions(new ConcurrencyLimit(writeLimit.PermitLimit + writeLimit.QueueLimit, QueueLimit: 0)));

    private readonly ConcurrencyLimiter _writeLookups =
        new(ToOptions(new ConcurrencyLimit(MaxConcurrentWriteLookups, writeLimit.PermitLimit + writeLimit.QueueLimit)));

    private readonly PartitionedRateLimiter<long> _organisationWrites = PartitionedRateLimiter.Create<long, long>(organisationId =>
        RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => ToOptions(
            new ConcurrencyLimit(MaxWritesPerOrganisation, writeLimit.QueueLimit / MinOrganisationsToFillQueue))));

    private readonly ConcurrencyLimiter _writes = new(ToOptions(writeLimit));

    /// <summary>Whether a query would get a permit now or could wait for one.</summary>
    public bool CanQueueRead =>
        _reads.GetStatistics() is not { CurrentAvailablePermits: 0 } statistics || statistics.CurrentQueuedCount < readLimit.QueueLimit;

    public bool CanAdmitWrite => _admittedWrites.GetStatistics()!.CurrentAvailablePermits > 0;

    // Every method throws OverloadedException if the queue is full. A lease is returned by disposing of it.
    public ValueTask<IDisposable> AcquireReadAsync(CancellationToken cancellationToken) =>
        AcquireAsync(_reads.AcquireAsync(permitCount: 1, cancellationToken), "read");

    public ValueTask<IDisposable> AcquireStreamAsync(CancellationToken cancellationToken) =>
        AcquireAsync(_streams.AcquireAsync(permitCount: 1, cancellationToken), "stream");

    public ValueTask<IDisposable> AcquirePollAsync(CancellationToken cancellationToken) =>
        AcquireAsync(_polls.AcquireAsync(permitCount: 1, cancellationToken), "stream");

    /// <summary>Limits the writers in the service. An admitted writer then acquires the leases of its lookup and of its write.</summary>
    public IDisposable AdmitWrite() => EnsureAcquired(_admittedWrites.AttemptAcquire());

    /// <summary>For the statement that finds a writer's organisation. The queue holds every admitted writer.</summary>
    public ValueTask<IDisposable> AcquireLookupAsync(CancellationToken cancellationToken) =>
        AcquireAsync(_writeLookups.AcquireAsync(permitCount: 1, cancellationToken), "write");

    /// <summary>To be acquired before <see cref="AcquireWriteAsync"/>, so that one organisation cannot starve the others.</summary>
    public ValueTask<IDisposable> AcquireOrganisationWriteAsync(long organisationId, CancellationToken cancellationToken) =>
        AcquireAsync(_organisationWrites.AcquireAsync(organisationId, permitCount: 1, cancellationToken), "write");

    public ValueTask<IDisposable> AcquireWriteAsync(CancellationToken cancellationToken) =>
        AcquireAsync(_writes.AcquireAsync(permitCount: 1, cancellationToken), "write");

    public void Dispose()
    {
        _reads.Dispose();
        _streams.Dispose();
        _polls.Dispose();
        _admittedWrites.Dispose();
        _writeLookups.Dispose();
        _organisationWrites.Dispose();
        _writes.Dispose();
    }

    private async ValueTask<IDisposable> AcquireAsync(ValueTask<RateLimitLease> pendingLease, string queue)
    {
        if (pendingLease.IsCompleted)
        {
            return EnsureAcquired(await pendingLease);
        }

        using var queued = trackQueued?.Invoke(queue);
        return EnsureAcquired(await pendingLease);
    }

    private static RateLimitLease EnsureAcquired(RateLimitLease lease) => lease.IsAcquired ? lease : throw new OverloadedException();

    private static ConcurrencyLimiterOptions ToOptions(ConcurrencyLimit limit) =>
        new() { PermitLimit = limit.PermitLimit, QueueLimit = limit.QueueLimit, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
}

public sealed class OverloadedException() : Exception("Too many requests use the database already.");
