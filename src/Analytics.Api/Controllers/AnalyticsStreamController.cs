using System.Net.ServerSentEvents;
using Analytics.Api.Authentication;
using Analytics.Api.Errors;
using Analytics.Api.Hosting;
using Analytics.Api.RateLimiting;
using Analytics.Api.Streaming;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Microsoft.AspNetCore.Http.Features;

namespace Analytics.Api.Controllers;

/// <summary>Metrics of an organisation's calls and tasks, sent after each change.</summary>
[Route("api/v2/platform/organisation/analytics/stream")]
[Tags("Analytics")]
[RequiresDatabase(IsStream = true)]
public sealed class AnalyticsStreamController(
    AnalyticsStreamService stream, StreamConcurrencyLimiter limiter, TimeProvider clock) : OrganisationController
{
    internal const string MediaType = "text/event-stream";

    // Kestrel's minimum data rate would allow many minutes for a large event.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Stream Analytics</summary>
    /// <remarks>
    /// Sends the response of Get Analytics as an event at once, and again after each change, at most once a second. The id
    /// of an event is the ETag of the response. A comment every 15 seconds is the heartbeat. The stream ends when the token
    /// expires.
    /// </remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Ends the stream when the client disconnects.</param>
    [HttpGet]
    [ProducesResponseType<ApiResponse<GetAnalyticsResponse>>(StatusCodes.Status200OK, MediaType,
        Description = "An endless sequence of events: the data of each is the response, its id the response's ETag.")]
    public async Task<IResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        using var userLease = limiter.AcquireForUser(User.GetUserId()!);
        if (!userLease.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var scope = Scope;
        var streamQuery = new StreamQuery(
            (ifNoneMatch, quarterHour) => new(scope with { IfNoneMatch = ifNoneMatch }, query, quarterHour) { IsStreaming = true },
            ErrorResponses.CreateLateFailureLog(HttpContext));
        var lastETags = Request.Headers[ParameterNames.LastEventId].Select(ToETag).ToList();
        var initialState = await stream.QueryAsync(streamQuery, lastETags, cancellationToken);

        using var globalLease = limiter.AcquireGlobal();
        if (!globalLease.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        using var openStream = AnalyticsMetrics.TrackOpenStream();
        HttpContext.DisableRequestTimeout();

        // Executed here, because MVC would execute the result after the leases are disposed of.
        var responses = stream.StreamAsync(streamQuery, initialState, HttpContext.GetTokenExpiry(), cancellationToken);
        await TypedResults.ServerSentEvents(EventsAsync(responses)).ExecuteAsync(HttpContext);
        return TypedResults.Empty;
    }

    private async IAsyncEnumerable<SseItem<ApiResponse<GetAnalyticsResponse>>> EventsAsync(
        IAsyncEnumerable<Versioned<GetAnalyticsResponse>> responses)
    {
        // Set here, because the result sets its own headers before it reads the first event.
        SetCacheHeaders(Response);
        Response.Headers["X-Accel-Buffering"] = "no";
        Response.Headers.Remove(HeaderNames.Pragma);

        // The feature, because the timer may outlive the HttpContext.
        var connection = HttpContext.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        await using var writeTimer = clock.CreateTimer(
            _ => connection.Abort(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        await foreach (var response in responses)
        {
            writeTimer.Change(WriteTimeout, Timeout.InfiniteTimeSpan);
            if (response.Value is { } value)
            {
                yield return new(ApiResponse.Create(AnalyticsController.SuccessMessage, value)) { EventId = response.ETag };
            }
            else
            {
                // A comment as heartbeat. The result writes nothing while it waits for the next event.
                await Response.WriteAsync(":\n\n", HttpContext.RequestAborted);
                await Response.Body.FlushAsync(HttpContext.RequestAborted);
            }

            writeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // Some clients remove the quotes of the ETag.
    private static string ToETag(string? eventId) => $"\"{eventId?.Trim('"')}\"";
}
