using Analytics.Api.Telemetry;
using Microsoft.AspNetCore.HttpLogging;

namespace Analytics.Api.Hosting;

/// <summary>
/// Logs one line per request with its id, known method, route template, status and duration. No header, query, path or body
/// is logged.
/// </summary>
internal sealed class RequestLogInterceptor : IHttpLoggingInterceptor
{
    public ValueTask OnRequestAsync(HttpLoggingInterceptorContext logContext)
    {
        logContext.AddParameter("RequestId", logContext.HttpContext.TraceIdentifier);
        logContext.AddParameter("Method", logContext.HttpContext.Request.GetKnownMethod());
        return ValueTask.CompletedTask;
    }

    public ValueTask OnResponseAsync(HttpLoggingInterceptorContext logContext)
    {
        logContext.AddParameter("Route", logContext.HttpContext.GetRouteTemplate());
        return ValueTask.CompletedTask;
    }
}

internal static class RequestLogging
{
    public static IServiceCollection AddRequestLogging(this IServiceCollection services) => services
        .AddHttpLoggingInterceptor<RequestLogInterceptor>()
        .AddHttpLogging(log =>
        {
            log.CombineLogs = true;
            log.LoggingFields = HttpLoggingFields.ResponseStatusCode | HttpLoggingFields.Duration;
        });
}
