using Analytics.Api.Errors;
using Analytics.Application.Concurrency;

namespace Analytics.Api.RateLimiting;

/// <summary>
/// Marks routes that look up an organisation, or those of the user, with a permit of <see cref="DatabaseConcurrencyLimiter"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresDatabaseAttribute : Attribute
{
    // Streams have a queue of their own and are not rejected here.
    public bool IsStream { get; init; }
}

/// <summary>
/// Rejects a request before MVC if the queue of lookups is full. The pipeline would reject it too, but under overload most
/// requests are rejected, and the cost of each slows down the others.
/// </summary>
internal static class LoadShedding
{
    // Behind authorization, so that 401 is returned even under overload.
    public static IApplicationBuilder UseLoadShedding(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<DatabaseConcurrencyLimiter>();
        return app.Use((context, next) => IsOverloaded(context, limiter)
            ? ErrorResponses.WriteAsync(context, ErrorTable.Unavailable)
            : next(context));
    }

    public static bool IsSafeMethod(this HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsOverloaded(HttpContext context, DatabaseConcurrencyLimiter limiter) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequiresDatabaseAttribute>() is { IsStream: false }
        && !limiter.CanQueueLookup;
}
