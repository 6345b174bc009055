using System.Buffers;

namespace Analytics.Api.Startup;

/// <summary>What every response carries, whoever answers.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "X-Request-Id";
    public const int MaxRequestId = 128;

    private static readonly SearchValues<char> RequestIdAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Names the request, for its log and its answer, and forbids browsers to guess types.</summary>
    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.TraceIdentifier = context.Request.Headers[RequestId] is [{ } given] && IsFit(given) ? given : Guid.NewGuid().ToString("N");

        // Set when the response starts, so that no error handler's clearing takes them away.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestId] = context.TraceIdentifier;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static bool IsFit(string given) => given.Length is > 0 and <= MaxRequestId && !given.AsSpan().ContainsAnyExcept(RequestIdAlphabet);
}
