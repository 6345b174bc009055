using System.Net.ServerSentEvents;
using Analytics.Api.Authentication;
using Analytics.Api.Documentation;
using Analytics.Api.Limits;
using Analytics.Api.Live;
using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Metering;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.Controllers;

/// <summary>How an organisation's calls are going, as it changes.</summary>
[Route("api/v2/platform/organisation/analytics/stream")]
[Tags("Analytics")]
[TakesPlace(OfStreams = true)]
public sealed class AnalyticsStreamController(LiveAnswers live, StreamLimits limits, TimeProvider clock) : OrganisationController
{
    internal const string LastEventId = "Last-Event-ID";

    /// <summary>How long a caller may take to read what is sent; the server's own limit would allow a large event many minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Stream Analytics</summary>
    /// <remarks>
    /// The answer of Get Analytics as an event at once, and again after each change, at most once a second. The id of an
    /// event is the answer's tag; a comment every 15 seconds shows that the stream is alive. It ends when the token expires.
    /// </remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Ends the stream when the client goes away.</param>
    [HttpGet]
    [ProducesResponseType<Answer<GetAnalyticsResponse>>(StatusCodes.Status200OK, Outputs.Events, Description = "Events without end: the data of each is the answer, its id the answer's tag.")]
    public async Task<IResult> Get(QueryInputs query, CancellationToken cancellationToken)
    {
        using var placeOfCaller = limits.TakeOfCaller(User.UserId()!);
        if (!placeOfCaller.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var scope = Scope;
        LiveQuestion question = (knownTags, now) => new GetAnalyticsQuery(scope with { KnownTags = knownTags }, query, now) { IsOfStream = true };
        var first = await live.AskAsync(question, [.. Request.Headers[LastEventId].Select(TagOf)], cancellationToken);

        using var placeOfProcess = limits.TakeOfProcess();
        if (!placeOfProcess.IsAcquired)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        using var open = ServiceMeter.OpenStream();
        HttpContext.LiftTimeLimit();

        // Here and not by MVC, which would give the places back first.
        var answers = live.FollowAsync(question, first, HttpContext.TokenExpires(), cancellationToken);
        await TypedResults.ServerSentEvents(EventsAsync(answers)).ExecuteAsync(HttpContext);
        return TypedResults.Empty;
    }

    private async IAsyncEnumerable<SseItem<Answer<GetAnalyticsResponse>>> EventsAsync(IAsyncEnumerable<Versioned<GetAnalyticsResponse>> answers)
    {
        // The result has set headers of its own before it asks for the first event.
        Response.Headers.CacheControl = CacheControl;
        Response.Headers.Vary = Vary;
        Response.Headers["X-Accel-Buffering"] = "no";
        Response.Headers.Remove(HeaderNames.Pragma);

        // Not the context's own, which a timer may outlive.
        var connection = HttpContext.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        await using var slow = clock.CreateTimer(_ => connection.Abort(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        await foreach (var answer in answers)
        {
            slow.Change(Patience, Timeout.InfiniteTimeSpan);
            if (answer.Value is { } value)
            {
                yield return new SseItem<Answer<GetAnalyticsResponse>>(new() { StatusCode = StatusCodes.Status200OK, Message = AnalyticsController.Fetched, Data = value }) { EventId = answer.Tag };
            }
            else
            {
                // A comment: the result writes nothing while it waits for the next event.
                await Response.WriteAsync(":\n\n", HttpContext.RequestAborted);
                await Response.Body.FlushAsync(HttpContext.RequestAborted);
            }

            slow.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>An id is a tag with its quotes, which a client may have lost.</summary>
    private static string TagOf(string? eventId) => $"\"{eventId?.Trim('"')}\"";
}
