using Analytics.Api.Errors;
using Analytics.Api.Telemetry;
using Analytics.Application.Concurrency;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Analytics.Api.Hosting;

/// <summary>Cancels a request after <c>Timeouts:RequestSeconds</c> and responds with 503.</summary>
internal static class RequestTimeouts
{
    // Normally the middleware times out first, and logs. The deadline follows, in case a driver blocks the cancellation.
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddRequestTimeoutPolicy(this IServiceCollection services, IConfiguration configuration)
    {
        var seconds = configuration.GetInt32(SettingKeys.RequestSeconds, defaultValue: 5, min: 1, max: 3600);
        return services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
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

    public static IApplicationBuilder UseRequestTimeoutPolicy(this IApplicationBuilder app)
    {
        var policy = app.ApplicationServices.GetRequiredService<IOptions<RequestTimeoutOptions>>().Value.DefaultPolicy!;
        return app.UseRequestTimeouts().Use(async (context, next) =>
        {
            context.RequestServices.GetRequiredService<RequestDeadline>().Set(
                policy.Timeout!.Value + GracePeriod, ErrorResponses.CreateLateFailureLog(context));
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
    }

    // For streams, whose duration depends on the client, and exports, which have a limit of their own.
    public static void DisableRequestTimeout(this HttpContext context) =>
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
}
