using System.Runtime.CompilerServices;
using Analytics.Api.Errors;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.Parsing;
using Analytics.Domain;
using MediatR;

namespace Analytics.Api.Streaming;

/// <summary>Makes the question of one stream, from the tags that its caller holds and the slot in which it is asked.</summary>
public delegate GetAnalyticsQuery AnalyticsQueryFactory(IReadOnlyCollection<string> ifNoneMatch, QuarterHour quarterHour);

/// <summary>One answer of a stream.</summary>
/// <param name="OrganisationId">The organisation that it is of.</param>
/// <param name="Response">The answer; without a value where the caller holds it already.</param>
/// <param name="QuarterHour">The slot in which it was asked for.</param>
/// <param name="QueriedAt">When it was asked for, by the clock's timestamp.</param>
public sealed record StreamState(long OrganisationId, Versioned<GetAnalyticsResponse> Response, QuarterHour QuarterHour, long QueriedAt)
{
    /// <summary>Whether it stands for one that could not be had.</summary>
    public bool HasFailed { get; init; }
}

/// <summary>
/// Asks a question again when its answer can have changed: after each new version of the organisation, and when the slot is
/// over. Each time it is the plain question, dispatched anew, so that the pipeline checks organisation and membership too.
/// </summary>
public sealed class AnalyticsStreamService(
    IServiceScopeFactory scopeFactory, OrganisationVersionPoller versionPoller, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<AnalyticsStreamService> logger)
{
    /// <summary>How often a stream shows that it is alive.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>After how long without a change the membership is checked.</summary>
    public static readonly TimeSpan MembershipCheckInterval = TimeSpan.FromSeconds(30);

    /// <summary>The least time between two answers, and between a failure and the next try.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    /// <summary>Asks once.</summary>
    public async Task<StreamState> QueryAsync(AnalyticsQueryFactory createQuery, IReadOnlyCollection<string> ifNoneMatch, CancellationToken cancellationToken)
    {
        var (quarterHour, queriedAt) = (QuarterHour.Current(clock), clock.GetTimestamp());

        // One that holds the organisation of one dispatch.
        await using var scope = scopeFactory.CreateAsyncScope();
        var response = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(createQuery(ifNoneMatch, quarterHour), cancellationToken);
        return new StreamState(scope.ServiceProvider.GetRequiredService<CurrentOrganisation>().Id, response, quarterHour, queriedAt);
    }

    /// <summary>
    /// The first answer, then each that differs from the one before it. One without a value is a sign of life. They end when
    /// the caller goes away or may no longer ask, at the given time, and when the service stops.
    /// </summary>
    public async IAsyncEnumerable<Versioned<GetAnalyticsResponse>> StreamAsync(
        AnalyticsQueryFactory createQuery, StreamState initialState, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var subscription = versionPoller.Subscribe(initialState.OrganisationId);
        var lastHeartbeat = clock.GetTimestamp();
        yield return initialState.Response;

        var last = WithoutBody(initialState);
        while (!stopping.IsCancellationRequested && clock.GetUtcNow() < until)
        {
            var snapshot = subscription.Latest;
            var untilQuery = GetTimeUntilQuery(last, snapshot.Version);
            var untilHeartbeat = HeartbeatInterval - clock.GetElapsedTime(lastHeartbeat);
            if (untilQuery <= TimeSpan.Zero)
            {
                if (await RefreshAsync(createQuery, last, cancellationToken) is not { } next)
                {
                    yield break;
                }

                last = WithoutBody(next);
                if (next.Response.Value is not null)
                {
                    yield return next.Response;
                }
            }
            else if (untilHeartbeat <= TimeSpan.Zero)
            {
                lastHeartbeat = clock.GetTimestamp();
                yield return last.Response;
            }
            else
            {
                // In whole milliseconds, as timers count: less would be no wait at all.
                var wait = Min(Min(untilQuery, untilHeartbeat), until - clock.GetUtcNow());
                await snapshot.Changed.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), clock, stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan GetTimeUntilQuery(StreamState last, OrganisationVersion? latest)
    {
        var sinceLast = clock.GetElapsedTime(last.QueriedAt);
        var hasChanged = last.HasFailed || (latest is { } version && version != last.Response.Version);
        var untilCheck = (hasChanged ? MinInterval : MembershipCheckInterval) - sinceLast;
        var untilQuarterHourEnds = TimeSpan.FromMilliseconds(last.QuarterHour.End.UnixMilliseconds - Timestamp.Now(clock).UnixMilliseconds);
        return Min(untilCheck, Max(untilQuarterHourEnds, MinInterval - sinceLast));
    }

    /// <returns>The answer; none where the caller may no longer ask.</returns>
    private async Task<StreamState?> RefreshAsync(AnalyticsQueryFactory createQuery, StreamState last, CancellationToken cancellationToken)
    {
        try
        {
            var next = await QueryAsync(createQuery, [last.Response.ETag], cancellationToken);
            return next.OrganisationId == last.OrganisationId ? next : null;
        }
        catch (Exception exception) when (ErrorTable.GetError(exception).StatusCode < StatusCodes.Status500InternalServerError)
        {
            return null;
        }
        catch (Exception exception) when (ErrorTable.GetError(exception).StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            if (!last.HasFailed && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "A stream of organisation {OrganisationId} cannot be answered: it is tried again each second", last.OrganisationId);
            }

            return last with { QueriedAt = clock.GetTimestamp(), HasFailed = true };
        }
    }

    /// <summary>What is kept between two answers, which can be large.</summary>
    private static StreamState WithoutBody(StreamState state) =>
        state with { Response = Versioned<GetAnalyticsResponse>.NotModified(state.Response.Version, state.Response.ETag) };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
