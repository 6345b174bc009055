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

    /// <summary>Writers of one organisation wait for each other: more of them would only keep others from their places.</summary>
    private const int MostWritesOfAnOrganisation = 2;

    private readonly ConcurrencyLimiter _questions = new(OptionsOf(questions));
    private readonly ConcurrencyLimiter _streams = new(OptionsOf(OfStreams));
    private readonly ConcurrencyLimiter _writes = new(OptionsOf(writes));
    private readonly PartitionedRateLimiter<string> _writesOfOne = PartitionedRateLimiter.Create<string, string>(
        handle => RateLimitPartition.GetConcurrencyLimiter(handle, _ => OptionsOf(writes with { AtOnce = MostWritesOfAnOrganisation })));

    /// <summary>Whether a question would find a place, or one in the queue.</summary>
    public bool HaveRoomForQuestion => HaveRoom(_questions, questions);

    /// <summary>The same for a write.</summary>
    public bool HaveRoomForWrite => HaveRoom(_writes, writes);

    /// <summary>Takes a place, or waits for one where the queue is short enough. It is free again once disposed of.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<IDisposable> TakeForQuestionAsync(CancellationToken cancellationToken) => TakeAsync(_questions, "questions", cancellationToken);

    /// <summary>The same for an answer of a stream.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<IDisposable> TakeForStreamAsync(CancellationToken cancellationToken) => TakeAsync(_streams, "streams", cancellationToken);

    /// <summary>The same for a write: first among those of its organisation, then among all.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public async ValueTask<IDisposable> TakeForWriteAsync(string handle, CancellationToken cancellationToken)
    {
        var turn = await _writesOfOne.AcquireAsync(handle, permitCount: 1, cancellationToken);
        try
        {
            return turn.IsAcquired ? new Both(turn, await TakeAsync(_writes, "writes", cancellationToken)) : throw new TooBusyException();
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _questions.Dispose();
        _streams.Dispose();
        _writes.Dispose();
        _writesOfOne.Dispose();
    }

    private static async ValueTask<IDisposable> TakeAsync(ConcurrencyLimiter limiter, string queue, CancellationToken cancellationToken)
    {
        var place = limiter.AttemptAcquire();
        if (!place.IsAcquired)
        {
            using var waiting = ServiceMeter.WaitIn(queue);
            place = await limiter.AcquireAsync(permitCount: 1, cancellationToken);
        }

        return place.IsAcquired ? place : throw new TooBusyException();
    }

    private static bool HaveRoom(ConcurrencyLimiter limiter, Places places) =>
        limiter.GetStatistics() is not { CurrentAvailablePermits: 0 } statistics || statistics.CurrentQueuedCount < places.Waiting;

    private static ConcurrencyLimiterOptions OptionsOf(Places places) =>
        new() { PermitLimit = places.AtOnce, QueueLimit = places.Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }
}
