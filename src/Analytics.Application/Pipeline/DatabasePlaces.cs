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
    private readonly ConcurrencyLimiter _questions = Limiter(questions);
    private readonly ConcurrencyLimiter _writes = Limiter(writes);

    /// <summary>How many questions wait for a place.</summary>
    public long QuestionsWaiting => _questions.GetStatistics()!.CurrentQueuedCount;

    /// <summary>Whether a question would find a place, or one in the queue.</summary>
    public bool HaveRoomForQuestion => HaveRoom(_questions, questions);

    /// <summary>The same for a write.</summary>
    public bool HaveRoomForWrite => HaveRoom(_writes, writes);

    /// <summary>Takes a place, or waits for one where the queue is short enough. It is free again once disposed of.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<RateLimitLease> TakeForQuestionAsync(CancellationToken cancellationToken) => TakeAsync(_questions, "questions", cancellationToken);

    /// <summary>The same for a write.</summary>
    /// <exception cref="TooBusyException">The queue is full.</exception>
    public ValueTask<RateLimitLease> TakeForWriteAsync(CancellationToken cancellationToken) => TakeAsync(_writes, "writes", cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _questions.Dispose();
        _writes.Dispose();
    }

    private static async ValueTask<RateLimitLease> TakeAsync(ConcurrencyLimiter limiter, string queue, CancellationToken cancellationToken)
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

    private static ConcurrencyLimiter Limiter(Places places) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = places.AtOnce, QueueLimit = places.Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
}
