using System.Buffers;
using System.Diagnostics;

namespace Analytics.Api.Hosting;

internal static class ResponseHeaders
{
    public const string RequestId = "X-Request-Id";
    public const string ReferrerPolicy = "Referrer-Policy";
    public const int MaxRequestIdLength = 128;

    // Of the service's own requests before it is ready.
    public const string WarmUpRequestId = "warm-up";

    private static readonly SearchValues<char> RequestIdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Sets the request id, <c>nosniff</c> and <c>no-referrer</c> on every response, and <c>no-store</c> on errors.</summary>
    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.TraceIdentifier = context.Request.Headers[RequestId] is [{ } requestId] && IsValidRequestId(requestId)
            ? requestId
            : ActivityTraceId.CreateRandom().ToHexString();

        // When the response starts, because the exception handler clears headers that were set earlier.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestId] = context.TraceIdentifier;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers[ReferrerPolicy] = "no-referrer";
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                context.Response.Headers.CacheControl = "no-store";

                // UseExceptionHandler adds the HTTP/1.0 equivalents.
                context.Response.Headers.Remove(HeaderNames.Pragma);
                context.Response.Headers.Remove(HeaderNames.Expires);
            }

            return Task.CompletedTask;
        });
        return next(context);
    });

    private static bool IsValidRequestId(string requestId) =>
        requestId.Length is > 0 and <= MaxRequestIdLength && !requestId.AsSpan().ContainsAnyExcept(RequestIdCharacters);
}
