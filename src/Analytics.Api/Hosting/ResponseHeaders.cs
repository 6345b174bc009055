using System.Buffers;
using System.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.Hosting;

/// <summary>What every response carries, whoever answers.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "X-Request-Id";
    public const int MaxRequestIdLength = 128;

    private static readonly SearchValues<char> RequestIdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Names the request, for its log and its answer, and forbids browsers to guess types and anyone to keep errors.</summary>
    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.TraceIdentifier = context.Request.Headers[RequestId] is [{ } requestId] && IsValidRequestId(requestId) ? requestId : ActivityTraceId.CreateRandom().ToHexString();

        // Set when the response starts, so that no error handler's clearing takes them away.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestId] = context.TraceIdentifier;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                SetNoStore(context.Response.Headers);
            }

            return Task.CompletedTask;
        });
        return next(context);
    });

    private static void SetNoStore(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";

        // The exception handler adds what HTTP/1.0 had for it.
        headers.Remove(HeaderNames.Pragma);
        headers.Remove(HeaderNames.Expires);
    }

    private static bool IsValidRequestId(string requestId) => requestId.Length is > 0 and <= MaxRequestIdLength && !requestId.AsSpan().ContainsAnyExcept(RequestIdCharacters);
}
