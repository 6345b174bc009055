using System.Buffers;
using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using Analytics.Api.Authentication;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
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
    AnalyticsStreamService stream, StreamConcurrencyLimiter limiter, TimeProvider clock, IOptions<JsonOptions> json) : OrganisationController
{
    internal const string MediaType = "text/event-stream";
    internal const string VersionEvent = "version";
    internal const string ErrorEvent = "error";

    // Kestrel's minimum data rate would allow many minutes for a large event.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();
    private static readonly byte[] NoData = "{}"u8.ToArray();

    /// <summary>Stream Analytics</summary>
    /// <remarks>
    /// Sends the response of Get Analytics as an event at once, and again after each change of it, at most once a second. The id
    /// of an event is the ETag of the response. A change of the organisation that leaves the response equal sends an event
    /// version, whose data are empty. A comment every 15 seconds is the heartbeat. The stream ends when the token expires. If the
    /// request can no longer be answered, an event error with the body of the error is the last.
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
        var lastETags = Request.Headers[ParameterNames.LastEventId].Select(ToETag).SelectMany(ContentCoding.GetUncompressedETags).ToList();
        var initialState = await stream.QueryAsync(streamQuery, lastETags, cancellationToken);

        using var globalLease = limiter.AcquireGlobal();
        if (!globalLease.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        using var openStream = AnalyticsMetrics.TrackOpenStream();
        HttpContext.DisableRequestTimeout();

        Response.ContentType = MediaType;
        Response.Headers["X-Accel-Buffering"] = "no";
        SetCacheHeaders(Response);

        // Written here, because MVC would execute a result after the leases are disposed of.
        var items = stream.StreamAsync(streamQuery, initialState, HttpContext.GetTokenExpiry(), cancellationToken);
        var coding = IsLong(initialState.Response) ? ContentCoding.NegotiateForEvents(Request) : null;
        coding?.SetHeaders(Response);
        await using var compressor = coding is null ? null : new GzipEventBody(Response.Body);
        var body = (Stream?)compressor ?? Response.Body;
        await SseFormatter.WriteAsync(
            CreateEventsAsync(items, body), body, (item, buffer) => buffer.Write(item.Data), cancellationToken);
        return TypedResults.Empty;
    }

    // Short events are not worth it. The length of a resumed stream's events is unknown.
    private bool IsLong(Versioned<GetAnalyticsResponse> first) => first.Value is null || Serialize(first).Length > ContentCoding.MinLength;

    private async IAsyncEnumerable<SseItem<byte[]>> CreateEventsAsync(IAsyncEnumerable<StreamItem> items, Stream body)
    {
        // The feature, because the timer may outlive the HttpContext.
        var connection = HttpContext.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        await using var writeTimer = clock.CreateTimer(
            _ => connection.Abort(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Of the last data. Unknown in a resumed stream, whose first event may repeat what the client has.
        byte[]? lastHash = null;
        await foreach (var (response, error) in items)
        {
            writeTimer.Change(WriteTimeout, Timeout.InfiniteTimeSpan);
            if (error is not null)
            {
                yield return new(ErrorResponses.Serialize(HttpContext, error), ErrorEvent);
            }
            else if (response.Value is null)
            {
                // A comment as heartbeat. The formatter writes nothing while it waits for the next event.
                await body.WriteAsync(Heartbeat, HttpContext.RequestAborted);
            }
            else
            {
                var data = Serialize(response);
                var hash = response.SerializedBody.GetOrAdd("sha-256", () => SHA256.HashData(data));
                var isEqual = hash.AsSpan().SequenceEqual(lastHash);
                lastHash = hash;
                yield return new(isEqual ? NoData : data, isEqual ? VersionEvent : null) { EventId = response.ETag };
            }

            // The formatter has written the event.
            await body.FlushAsync(HttpContext.RequestAborted);
            writeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private byte[] Serialize(Versioned<GetAnalyticsResponse> response) =>
        ApiResponse.Serialize(response, AnalyticsController.SuccessMessage, json.Value.JsonSerializerOptions);

    // Some clients remove the quotes of the ETag.
    private static string ToETag(string? eventId) => $"\"{eventId?.Trim('"')}\"";
}
