using System.Net.ServerSentEvents;
using Analytics.Api.Authentication;
using Analytics.Api.Hosting;
using Analytics.Api.OpenApi;
using Analytics.Api.RateLimiting;
using Analytics.Api.Streaming;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.Controllers;

/// <summary>How an organisation's calls are going, as it changes.</summary>
[Route("api/v2/platform/organisation/analytics/stream")]
[Tags("Analytics")]
[RequiresDatabase(IsStream = true)]
public sealed class AnalyticsStreamController(AnalyticsStreamService stream, StreamConcurrencyLimiter limiter, TimeProvider clock) : OrganisationController
{
    internal const string LastEventId = "Last-Event-ID";

    /// <summary>How long a caller may take to read what is sent; the server's own limit would allow a large event many minutes.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Stream Analytics</summary>
    /// <remarks>
    /// The answer of Get Analytics as an event at once, and again after each change, at most once a second. The id of an
    /// event is the answer's tag; a comment every 15 seconds shows that the stream is alive. It ends when the token expires.
    /// </remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Ends the stream when the client goes away.</param>
    [HttpGet]
    [ProducesResponseType<ApiResponse<GetAnalyticsResponse>>(StatusCodes.Status200OK, ResponseHeaderDocs.EventStreamMediaType, Description = "Events without end: the data of each is the answer, its id the answer's tag.")]
    public async Task<IResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        using var userLease = limiter.AcquireForUser(User.GetUserId()!);
        if (!userLease.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var scope = Scope;
        AnalyticsQueryFactory createQuery = (ifNoneMatch, quarterHour) => new GetAnalyticsQuery(scope with { IfNoneMatch = ifNoneMatch }, query, quarterHour) { IsStreaming = true };
        var initialState = await stream.QueryAsync(createQuery, [.. Request.Headers[LastEventId].Select(ToETag)], cancellationToken);

        using var globalLease = limiter.AcquireGlobal();
        if (!globalLease.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        using var openStream = AnalyticsMetrics.TrackOpenStream();
        HttpContext.DisableRequestTimeout();

        // Here and not by MVC, which would give the places back first.
        var responses = stream.StreamAsync(createQuery, initialState, HttpContext.GetTokenExpiry(), cancellationToken);
        await TypedResults.ServerSentEvents(EventsAsync(responses)).ExecuteAsync(HttpContext);
        return TypedResults.Empty;
    }

    private async IAsyncEnumerable<SseItem<ApiResponse<GetAnalyticsResponse>>> EventsAsync(IAsyncEnumerable<Versioned<GetAnalyticsResponse>> responses)
    {
        // The result has set headers of its own before it asks for the first event.
        Response.Headers.CacheControl = CacheControl;
        Response.Headers.Vary = Vary;
        Response.Headers["X-Accel-Buffering"] = "no";
        Response.Headers.Remove(HeaderNames.Pragma);

        // Not the context's own, which a timer may outlive.
        var connection = HttpContext.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        await using var writeTimer = clock.CreateTimer(_ => connection.Abort(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        await foreach (var response in responses)
        {
            writeTimer.Change(WriteTimeout, Timeout.InfiniteTimeSpan);
            if (response.Value is { } value)
            {
                yield return new SseItem<ApiResponse<GetAnalyticsResponse>>(new() { StatusCode = StatusCodes.Status200OK, Message = AnalyticsController.SuccessMessage, Data = value }) { EventId = response.ETag };
            }
            else
            {
                // A comment: the result writes nothing while it waits for the next event.
                await Response.WriteAsync(":\n\n", HttpContext.RequestAborted);
                await Response.Body.FlushAsync(HttpContext.RequestAborted);
            }

            writeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>An id is a tag with its quotes, which a client may have lost.</summary>
    private static string ToETag(string? eventId) => $"\"{eventId?.Trim('"')}\"";
}
