using Analytics.Api.Telemetry;
using Analytics.Application.Concurrency;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Analytics.Api.Hosting;

/// <summary>Cancels a request after <c>Timeouts:RequestSeconds</c> and responds with 503.</summary>
internal static class RequestTimeouts
{
    private const int DefaultSeconds = 5;
    private const int MaxSeconds = 3600;

    // The pipeline's timeout fires later than the middleware's, which also logs and is the usual one.
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddRequestTimeoutPolicy(this IServiceCollection services, IConfiguration configuration)
    {
        var seconds = SettingReader.GetInt32(configuration, "Timeouts:RequestSeconds", DefaultSeconds, min: 1, MaxSeconds, "seconds");
        return services
            .AddSingleton(new RequestTimeout(TimeSpan.FromSeconds(seconds) + GracePeriod))
            .AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromSeconds(seconds),

                // UseStatusCodePages writes the body, because the request is already cancelled here.
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = context =>
                {
                    context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestTimeouts)).LogWarning(
                        "{Method} {Route} timed out after {Seconds} s, request {RequestId}",
                        context.Request.GetKnownMethod(), context.GetRouteTemplate(), seconds, context.TraceIdentifier);
                    return Task.CompletedTask;
                },
            });
    }

    public static IApplicationBuilder UseRequestTimeoutPolicy(
        this IApplicationBuilder app) => app.UseRequestTimeouts().Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
            {
                // The status is sent already. Aborting the connection tells the client that the response is incomplete.
                context.Abort();
            }

            // Drivers throw different exceptions when a command is cancelled.
            throw new OperationCanceledException(exception.Message, exception, context.RequestAborted);
        }
    });

    // For streams and exports, whose duration depends on the client.
    public static void DisableRequestTimeout(this HttpContext context) =>
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
}
