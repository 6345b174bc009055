using Analytics.Api.Errors;
using Analytics.Application.Concurrency;

namespace Analytics.Api.RateLimiting;

/// <summary>What is answered with the help of the database, and so needs a place there.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresDatabaseAttribute : Attribute
{
    /// <summary>Whether its place is one of the streams': how long the queue of questions is says nothing of these.</summary>
    public bool IsStream { get; init; }
}

/// <summary>
/// Refuses at the door what would find the queue for the database full. The pipeline would refuse it too, but under an
/// overload most requests are refused: what that costs is taken from those that are answered.
/// </summary>
internal static class LoadShedding
{
    /// <summary>Stands behind authorization: who may not ask is told so also then.</summary>
    public static IApplicationBuilder UseLoadShedding(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<DatabaseConcurrencyLimiter>();
        return app.Use((context, next) => IsOverloaded(context, limiter) ? ErrorResponses.WriteAsync(context, ErrorTable.Unavailable) : next(context));
    }

    /// <summary>Whether a request changes nothing.</summary>
    public static bool IsSafeMethod(this HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsOverloaded(HttpContext context, DatabaseConcurrencyLimiter limiter) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequiresDatabaseAttribute>() is { IsStream: false }
        && !(context.Request.IsSafeMethod() ? limiter.CanQueueRead : limiter.CanAdmitWrite);
}
