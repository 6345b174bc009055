using System.Threading.RateLimiting;
using Analytics.Application.Metering;
using Analytics.Application.Organisations;

namespace Analytics.Application.Pipeline;

/// <summary>How many may be at work at once, and how many more may wait for that.</summary>
/// <param name="AtOnce">The most at work.</param>
/// <param name="Waiting">The most that wait.</param>
public sealed record Places(int AtOnce, int Waiting);

/// <summary>
/// The places for work on the database. Under more load than it bears, some are answered in time and the others refused at
/// once; without an end to the queue, all would be late.
/// </summary>
/// <param name="questions">For requests that only read.</param>
/// <param name="writes">For all others.</param>
public sealed class DatabasePlaces(Places questions, Places writes) : IDisposable
{
    /// <summary>For streams, which all ask at once when a quarter of an hour is over, and can wait for their turn.</summary>
    public static readonly Places OfStreams = new(8, 5_000);

    /// <summary>How many looks at versions, for all who listen, may be at work at once.</summary>
    public const int Looks = 3;

    /// <summary>How many writers may be asking at once which organisation theirs is, which takes a moment.</summary>
    public const int WritersLookups = 4;

    /// <summary>Writers of one organisation wait for each other: more of them at work would only keep others from their places.</summary>
    private const int MostWritesOfAnOrganisation = 2;

    /// <summary>How many organisations it takes to fill the queue of writers.</summary>
    private const int LeastOrganisations = 2;

    private readonly ConcurrencyLimiter _questions = new(OptionsOf(questions));
    private readonly ConcurrencyLimiter _streams = new(OptionsOf(OfStreams));
    private readonly ConcurrencyLimiter _looks = new(OptionsOf(OfStreams with { AtOnce = Looks }));
    private readonly ConcurrencyLimiter _writers = new(OptionsOf(new Places(writes.AtOnce + writes.Waiting, Waiting: 0)));
    private readonly ConcurrencyLimiter _lookups = new(OptionsOf(new Places(WritersLookups, writes.AtOnce + writes.Waiting)));
    private readonly PartitionedRateLimiter<long> _writersOfOne = PartitionedRateLimiter.Create<long, long>(
        organisationId => RateLimitPartition.GetConcurrencyLimiter(organisationId, _ => OptionsOf(new Places(MostWritesOfAnOrganisation, writes.Waiting / LeastOrganisations))));

    private readonly ConcurrencyLimiter _writes = new(OptionsOf(writes));

    /// <summary>Whether a question would find a place, or one in the queue.</summary>
    public bool HaveRoomForQuestion => _questions.GetStatistics() is not { CurrentAvailablePermits: 0 } statistics || statistics.CurrentQueuedCount < questions.Waiting;

    /// <summary>Whether a writer would be let in.</summary>
    public bool HaveRoomForWrite => _writers.GetStatistics()!.CurrentAvailablePermits > 0;

    /// <summary>Takes a place, or waits for one where the queue is short enough. It is free again once disposed of.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<IDisposable> TakeForQuestionAsync(CancellationToken cancellationToken) => TakeAsync(_questions.AcquireAsync(permitCount: 1, cancellationToken), "questions");

    /// <summary>The same for an answer of a stream.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<IDisposable> TakeForStreamAsync(CancellationToken cancellationToken) => TakeAsync(_streams.AcquireAsync(permitCount: 1, cancellationToken), "streams");

    /// <summary>The same for a look at an organisation's version, whoever listens to it.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<IDisposable> TakeForLookAsync(CancellationToken cancellationToken) => TakeAsync(_looks.AcquireAsync(permitCount: 1, cancellationToken), "streams");

    /// <summary>Lets a writer in, who then takes a place for his lookup and one for his write.</summary>
    /// <exception cref="TooBusyException">There are too many.</exception>
    public IDisposable LetWriterIn() => Taken(_writers.AttemptAcquire());

    /// <summary>Takes a place to look up whose organisation it is that a writer names. Whoever was let in gets one in his turn.</summary>
    public ValueTask<IDisposable> TakeForLookupAsync(CancellationToken cancellationToken) => TakeAsync(_lookups.AcquireAsync(permitCount: 1, cancellationToken), "writes");

    /// <summary>Takes a place for a write: first among those of its organisation, then among all.</summary>
    /// <exception cref="TooBusyException">The queue of the organisation is full.</exception>
    public async ValueTask<IDisposable> TakeForWriteAsync(long organisationId, CancellationToken cancellationToken)
    {
        var taken = new Stack<IDisposable>();
        try
        {
            taken.Push(await TakeAsync(_writersOfOne.AcquireAsync(organisationId, permitCount: 1, cancellationToken), "writes"));
            taken.Push(await TakeAsync(_writes.AcquireAsync(permitCount: 1, cancellationToken), "writes"));
            return new All(taken);
        }
        catch
        {
            new All(taken).Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _questions.Dispose();
        _streams.Dispose();
        _looks.Dispose();
        _writers.Dispose();
        _lookups.Dispose();
        _writersOfOne.Dispose();
        _writes.Dispose();
    }

    private static async ValueTask<IDisposable> TakeAsync(ValueTask<RateLimitLease> place, string queue)
    {
        if (place.IsCompleted)
        {
            return Taken(await place);
        }

        using var waiting = ServiceMeter.WaitIn(queue);
        return Taken(await place);
    }

    private static RateLimitLease Taken(RateLimitLease place) => place.IsAcquired ? place : throw new TooBusyException();

    private static ConcurrencyLimiterOptions OptionsOf(Places places) =>
        new() { PermitLimit = places.AtOnce, QueueLimit = places.Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private sealed class All(Stack<IDisposable> taken) : IDisposable
    {
        public void Dispose()
        {
            while (taken.TryPop(out var last))
            {
                last.Dispose();
            }
        }
    }
}
