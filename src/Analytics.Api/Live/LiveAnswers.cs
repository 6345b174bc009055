using System.Runtime.CompilerServices;
using Analytics.Api.Errors;
using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Organisations;
using Analytics.Domain;
using MediatR;

namespace Analytics.Api.Live;

/// <summary>Makes the question of one stream, from the tags that its caller holds and the slot in which it is asked.</summary>
public delegate GetAnalyticsQuery LiveQuestion(IReadOnlyCollection<string> knownTags, Slot now);

/// <summary>One answer of a stream.</summary>
/// <param name="OrganisationId">The organisation that it is of.</param>
/// <param name="Answer">The answer; without a value where the caller holds it already.</param>
/// <param name="AskedIn">The slot in which it was asked for.</param>
/// <param name="AskedAt">When it was asked for, by the clock's timestamp.</param>
public sealed record LiveAnswer(long OrganisationId, Versioned<GetAnalyticsResponse> Answer, Slot AskedIn, long AskedAt)
{
    /// <summary>Whether it stands for one that could not be had.</summary>
    public bool HasFailed { get; init; }
}

/// <summary>
/// Asks a question again when its answer can have changed: after each new version of the organisation, and when the slot is
/// over. Each time it is the plain question, dispatched anew, so that the pipeline checks organisation and membership too.
/// </summary>
public sealed class LiveAnswers(
    IServiceScopeFactory scopes, VersionWatch watch, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveAnswers> logger)
{
    /// <summary>How often a stream shows that it is alive.</summary>
    public static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    /// <summary>After how long without a change the membership is checked.</summary>
    public static readonly TimeSpan CheckOfMembership = TimeSpan.FromSeconds(30);

    /// <summary>The least time between two answers, and between a failure and the next try.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Asks once.</summary>
    public async Task<LiveAnswer> AskAsync(LiveQuestion question, IReadOnlyCollection<string> knownTags, CancellationToken cancellationToken)
    {
        var (slot, at) = (Slot.Now(clock), clock.GetTimestamp());

        // One that holds the organisation of one dispatch.
        await using var scope = scopes.CreateAsyncScope();
        var answer = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(question(knownTags, slot), cancellationToken);
        return new LiveAnswer(scope.ServiceProvider.GetRequiredService<CurrentOrganisation>().Id, answer, slot, at);
    }

    /// <summary>
    /// The first answer, then each that differs from the one before it. One without a value is a sign of life. They end when
    /// the caller goes away or may no longer ask, at the given time, and when the service stops.
    /// </summary>
    public async IAsyncEnumerable<Versioned<GetAnalyticsResponse>> FollowAsync(
        LiveQuestion question, LiveAnswer first, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var versions = watch.Listen(first.OrganisationId);
        var signed = clock.GetTimestamp();
        yield return first.Answer;

        var last = WithoutValue(first);
        while (!ending.IsCancellationRequested && clock.GetUtcNow() < until)
        {
            var seen = versions.Seen;
            var untilQuestion = UntilQuestion(last, seen.Version);
            var untilSign = SignOfLife - clock.GetElapsedTime(signed);
            if (untilQuestion <= TimeSpan.Zero)
            {
                if (await AskAgainAsync(question, last, cancellationToken) is not { } next)
                {
                    yield break;
                }

                last = WithoutValue(next);
                if (next.Answer.Value is not null)
                {
                    yield return next.Answer;
                }
            }
            else if (untilSign <= TimeSpan.Zero)
            {
                signed = clock.GetTimestamp();
                yield return last.Answer;
            }
            else
            {
                // In whole milliseconds, as timers count: less would be no wait at all.
                var wait = Earlier(Earlier(untilQuestion, untilSign), until - clock.GetUtcNow());
                await seen.Changed.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), clock, ending.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan UntilQuestion(LiveAnswer last, OrganisationVersion? seen)
    {
        var sinceLast = clock.GetElapsedTime(last.AskedAt);
        var hasChanged = last.HasFailed || (seen is { } version && version != last.Answer.Version);
        var untilCheck = (hasChanged ? Pause : CheckOfMembership) - sinceLast;
        var untilSlotEnds = TimeSpan.FromMilliseconds(last.AskedIn.End.UnixMilliseconds - Instant.Now(clock).UnixMilliseconds);
        return Earlier(untilCheck, Later(untilSlotEnds, Pause - sinceLast));
    }

    /// <returns>The answer; none where the caller may no longer ask.</returns>
    private async Task<LiveAnswer?> AskAgainAsync(LiveQuestion question, LiveAnswer last, CancellationToken cancellationToken)
    {
        try
        {
            var next = await AskAsync(question, [last.Answer.Tag], cancellationToken);
            return next.OrganisationId == last.OrganisationId ? next : null;
        }
        catch (Exception exception) when (ErrorTable.Of(exception).StatusCode < StatusCodes.Status500InternalServerError)
        {
            return null;
        }
        catch (Exception exception) when (ErrorTable.Of(exception).StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            if (!last.HasFailed && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "A stream of organisation {OrganisationId} cannot be answered: it is tried again each second", last.OrganisationId);
            }

            return last with { AskedAt = clock.GetTimestamp(), HasFailed = true };
        }
    }

    /// <summary>What is kept between two answers, which can be large.</summary>
    private static LiveAnswer WithoutValue(LiveAnswer answer) =>
        answer with { Answer = Versioned<GetAnalyticsResponse>.AlreadyKnown(answer.Answer.Version, answer.Answer.Tag) };

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
