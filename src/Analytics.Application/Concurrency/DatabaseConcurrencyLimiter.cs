using System.Threading.RateLimiting;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;

namespace Analytics.Application.Concurrency;

/// <summary>How many may be at work at once, and how many more may wait for that.</summary>
/// <param name="PermitLimit">The most at work.</param>
/// <param name="QueueLimit">The most that wait.</param>
public sealed record ConcurrencyLimit(int PermitLimit, int QueueLimit);

/// <summary>
/// The places for work on the database. Under more load than it bears, some are answered in time and the others refused at
/// once; without an end to the queue, all would be late.
/// </summary>
/// <param name="readLimit">For requests that only read.</param>
/// <param name="writeLimit">For all others.</param>
public sealed class DatabaseConcurrencyLimiter(ConcurrencyLimit readLimit, ConcurrencyLimit writeLimit) : IDisposable
{
    /// <summary>For streams, which all ask at once when a quarter of an hour is over, and can wait for their turn.</summary>
    public static readonly ConcurrencyLimit StreamLimit = new(8, 5_000);

    /// <summary>How many looks at versions, for all who listen, may be at work at once.</summary>
    public const int MaxConcurrentPolls = 3;

    /// <summary>How many writers may be asking at once which organisation theirs is, which takes a moment.</summary>
    public const int MaxConcurrentWriteLookups = 4;

    /// <summary>Writers of one organisation wait for each other: more of them at work would only keep others from their places.</summary>
    private const int MaxWritesPerOrganisation = 2;

    /// <summary>How many organisations it takes to fill the queue of writers.</summary>
    private const int MinOrganisationsToFillQueue = 2;

    private readonly ConcurrencyLimiter _reads = new(ToOptions(readLimit));
    private readonly ConcurrencyLimiter _streams = new(ToOptions(StreamLimit));
    private readonly ConcurrencyLimiter _polls = new(ToOptions(StreamLimit with { PermitLimit = MaxConcurrentPolls }));
    private readonly ConcurrencyLimiter _admittedWrites = new(ToOptions(new ConcurrencyLimit(writeLimit.PermitLimit + writeLimit.QueueLimit, QueueLimit: 0)));
    private readonly ConcurrencyLimiter _writeLookups = new(ToOptions(new ConcurrencyLimit(MaxConcurrentWriteLookups, writeLimit.PermitLimit + writeLimit.QueueLimit)));
    private readonly PartitionedRateLimiter<long> _organisationWrites = PartitionedRateLimiter.Create<long, long>(
        organisationId => RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => ToOptions(new ConcurrencyLimit(MaxWritesPerOrganisation, writeLimit.QueueLimit / MinOrganisationsToFillQueue))));

    private readonly ConcurrencyLimiter _writes = new(ToOptions(writeLimit));

    /// <summary>Whether a question would find a place, or one in the queue.</summary>
    public bool CanQueueRead => _reads.GetStatistics() is not { CurrentAvailablePermits: 0 } statistics || statistics.CurrentQueuedCount < readLimit.QueueLimit;

    /// <summary>Whether a writer would be let in.</summary>
    public bool CanAdmitWrite => _admittedWrites.GetStatistics()!.CurrentAvailablePermits > 0;

    /// <summary>Takes a place, or waits for one where the queue is short enough. It is free again once disposed of.</summary>
    /// <exception cref="OverloadedException">The queue is full.</exception>
    public ValueTask<IDisposable> AcquireReadAsync(CancellationToken cancellationToken) => AcquireAsync(_reads.AcquireAsync(permitCount: 1, cancellationToken), "read");

    /// <summary>The same for an answer of a stream.</summary>
    /// <exception cref="OverloadedException">The queue is full.</exception>
    public ValueTask<IDisposable> AcquireStreamAsync(CancellationToken cancellationToken) => AcquireAsync(_streams.AcquireAsync(permitCount: 1, cancellationToken), "stream");

    /// <summary>The same for a look at an organisation's version, whoever listens to it.</summary>
    /// <exception cref="OverloadedException">The queue is full.</exception>
    public ValueTask<IDisposable> AcquirePollAsync(CancellationToken cancellationToken) => AcquireAsync(_polls.AcquireAsync(permitCount: 1, cancellationToken), "stream");

    /// <summary>Lets a writer in, who then takes a place for his lookup and one for his write.</summary>
    /// <exception cref="OverloadedException">There are too many.</exception>
    public IDisposable AdmitWrite() => EnsureAcquired(_admittedWrites.AttemptAcquire());

    /// <summary>Takes a place to look up whose organisation it is that a writer names. Whoever was let in gets one in his turn.</summary>
    public ValueTask<IDisposable> AcquireLookupAsync(CancellationToken cancellationToken) => AcquireAsync(_writeLookups.AcquireAsync(permitCount: 1, cancellationToken), "write");

    /// <summary>Takes a place for a write: first among those of its organisation, then among all.</summary>
    /// <exception cref="OverloadedException">The queue of the organisation is full.</exception>
    public async ValueTask<IDisposable> AcquireWriteAsync(long organisationId, CancellationToken cancellationToken)
    {
        var leases = new Stack<IDisposable>();
        try
        {
            leases.Push(await AcquireAsync(_organisationWrites.AcquireAsync(organisationId, permitCount: 1, cancellationToken), "write"));
            leases.Push(await AcquireAsync(_writes.AcquireAsync(permitCount: 1, cancellationToken), "write"));
            return new CompositeLease(leases);
        }
        catch
        {
            new CompositeLease(leases).Dispose();
            throw;
        }
    }

    /// <inheritdoc />
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

    private static async ValueTask<IDisposable> AcquireAsync(ValueTask<RateLimitLease> pendingLease, string queue)
    {
        if (pendingLease.IsCompleted)
        {
            return EnsureAcquired(await pendingLease);
        }

        using var queued = AnalyticsMetrics.TrackQueued(queue);
        return EnsureAcquired(await pendingLease);
    }

    private static RateLimitLease EnsureAcquired(RateLimitLease lease) => lease.IsAcquired ? lease : throw new OverloadedException();

    private static ConcurrencyLimiterOptions ToOptions(ConcurrencyLimit limit) =>
        new() { PermitLimit = limit.PermitLimit, QueueLimit = limit.QueueLimit, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private sealed class CompositeLease(Stack<IDisposable> leases) : IDisposable
    {
        public void Dispose()
        {
            while (leases.TryPop(out var lease))
            {
                lease.Dispose();
            }
        }
    }
}
