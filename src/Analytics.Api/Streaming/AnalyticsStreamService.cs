using System.Runtime.CompilerServices;
using Analytics.Api.Errors;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.Parsing;
using Analytics.Domain;

namespace Analytics.Api.Streaming;

/// <summary>Creates the query of a stream for the ETags that the client has and the current quarter hour.</summary>
public delegate GetAnalyticsQuery AnalyticsQueryFactory(IReadOnlyCollection<string> ifNoneMatch, QuarterHour quarterHour);

/// <param name="Create">Creates the query.</param>
/// <param name="LogLateFailure">Called with what a query throws after the client has left.</param>
public sealed record StreamQuery(AnalyticsQueryFactory Create, Action<Exception> LogLateFailure);

/// <param name="OrganisationId">The organisation at the time of the query.</param>
/// <param name="Response">The last response; without a value if the client has it already.</param>
/// <param name="QuarterHour">The quarter hour of the last query.</param>
/// <param name="QueriedAt">The clock's timestamp at the last query.</param>
public sealed record StreamState(long OrganisationId, Versioned<GetAnalyticsResponse> Response, QuarterHour QuarterHour, long QueriedAt)
{
    // Whether a later query failed.
    public bool HasFailed { get; init; }

    // The error of a later query that ends the stream.
    public ErrorResponse? Error { get; init; }
}

/// <param name="Response">A heartbeat if it has no value.</param>
/// <param name="Error">Ends the stream.</param>
public readonly record struct StreamItem(Versioned<GetAnalyticsResponse> Response, ErrorResponse? Error = null);

/// <summary>
/// Repeats a query when its response may have changed: after each new version of the organisation, and at the end of the
/// quarter hour. Each query passes through the pipeline, which checks the organisation and the membership again.
/// </summary>
public sealed class AnalyticsStreamService(
    IServiceScopeFactory scopeFactory,
    OrganisationVersionPoller versionPoller,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<AnalyticsStreamService> logger)
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>After this time without a change the query is repeated, to check the membership.</summary>
    public static readonly TimeSpan MembershipCheckInterval = TimeSpan.FromSeconds(30);

    /// <summary>Between two queries, also after a failure.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    public async Task<StreamState> QueryAsync(
        StreamQuery query, IReadOnlyCollection<string> ifNoneMatch, CancellationToken cancellationToken)
    {
        var (quarterHour, queriedAt) = (QuarterHour.Current(clock), clock.GetTimestamp());

        // A scope per query, because CurrentOrganisation is set once per scope.
        await using var scope = scopeFactory.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<RequestDeadline>().Set(timeout: null, query.LogLateFailure);
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var response = await mediator.Send(query.Create(ifNoneMatch, quarterHour), cancellationToken);
        return new StreamState(scope.ServiceProvider.GetRequiredService<CurrentOrganisation>().Id, response, quarterHour, queriedAt);
    }

    /// <summary>
    /// Yields the first response, then each of another version or quarter hour. Ends at <paramref name="until"/>, on disconnect, on
    /// shutdown, and with the first error that is not temporary, such as the loss of access.
    /// </summary>
    public async IAsyncEnumerable<StreamItem> StreamAsync(
        StreamQuery query,
        StreamState initialState,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var subscription = versionPoller.Subscribe(initialState.OrganisationId);
        var lastHeartbeat = clock.GetTimestamp();
        yield return new(initialState.Response);

        var last = WithoutBody(initialState);
        while (!stopping.IsCancellationRequested && clock.GetUtcNow() < until)
        {
            var snapshot = subscription.Latest;
            var untilQuery = GetTimeUntilQuery(last, snapshot.Version);
            var untilHeartbeat = HeartbeatInterval - clock.GetElapsedTime(lastHeartbeat);
            if (untilQuery <= TimeSpan.Zero)
            {
                if (await RefreshAsync(query, last, cancellationToken) is not { } next)
                {
                    yield break;
                }

                if (next.Error is not null)
                {
                    yield return new(next.Response, next.Error);
                    yield break;
                }

                last = WithoutBody(next);
                if (next.Response.Value is not null)
                {
                    yield return new(next.Response);
                }
            }
            else if (untilHeartbeat <= TimeSpan.Zero)
            {
                lastHeartbeat = clock.GetTimestamp();
                yield return new(last.Response);
            }
            else
            {
                // At least 1 ms, because timers truncate to milliseconds and would not wait at all.
                var wait = Min(Min(untilQuery, untilHeartbeat), until - clock.GetUtcNow());
                var milliseconds = Math.Max(1, Math.Ceiling(wait.TotalMilliseconds));
                await snapshot.Changed.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), clock, stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan GetTimeUntilQuery(StreamState last, OrganisationVersion? latest)
    {
        var sinceLast = clock.GetElapsedTime(last.QueriedAt);
        var hasChanged = last.HasFailed || (latest is { } version && version != last.Response.Version);
        var untilCheck = (hasChanged ? MinInterval : MembershipCheckInterval) - sinceLast;
        var untilQuarterHourEnds =
            TimeSpan.FromMilliseconds(last.QuarterHour.End.UnixMilliseconds - Timestamp.Now(clock).UnixMilliseconds);
        return Min(untilCheck, Max(untilQuarterHourEnds, MinInterval - sinceLast));
    }

    // Returns null if the handle denotes another organisation now.
    private async Task<StreamState?> RefreshAsync(
        StreamQuery query, StreamState last, CancellationToken cancellationToken)
    {
        try
        {
            var next = await QueryAsync(query, [last.Response.ETag], cancellationToken);
            return next.OrganisationId == last.OrganisationId ? next : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var error = ErrorTable.GetError(exception);
            if (error.StatusCode == StatusCodes.Status503ServiceUnavailable)
            {
                if (!last.HasFailed)
                {
                    logger.LogWarning(
                        exception, "The query of a stream of organisation {OrganisationId} failed: retrying each second", last.OrganisationId);
                }

                return last with { QueriedAt = clock.GetTimestamp(), HasFailed = true };
            }

            if (error.StatusCode == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(exception, "The query of a stream of organisation {OrganisationId} failed", last.OrganisationId);
            }

            return last with { Error = error };
        }
    }

    // The body can be large and is not needed while the stream waits.
    private static StreamState WithoutBody(StreamState state) =>
        state with { Response = new() { Version = state.Response.Version, ETag = state.Response.ETag } };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
