using Microsoft.AspNetCore.HttpLogging;

namespace Analytics.Api.Startup;

/// <summary>One line a request, by which its id leads to what became of it. No header, query or body is logged.</summary>
internal sealed class RequestLog : IHttpLoggingInterceptor
{
    public ValueTask OnRequestAsync(HttpLoggingInterceptorContext logContext)
    {
        logContext.AddParameter("RequestId", logContext.HttpContext.TraceIdentifier);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnResponseAsync(HttpLoggingInterceptorContext logContext) => ValueTask.CompletedTask;
}

internal static class RequestLogging
{
    public static IServiceCollection AddRequestLog(this IServiceCollection services) => services
        .AddHttpLoggingInterceptor<RequestLog>()
        .AddHttpLogging(log =>
        {
            log.CombineLogs = true;
            log.LoggingFields = HttpLoggingFields.RequestMethod | HttpLoggingFields.RequestPath | HttpLoggingFields.ResponseStatusCode | HttpLoggingFields.Duration;
        });
}
