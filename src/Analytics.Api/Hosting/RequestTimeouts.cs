using Analytics.Api.Telemetry;
using Analytics.Application.Behaviors;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Analytics.Api.Hosting;

/// <summary>How long a request may take in all: <c>Timeouts:RequestSeconds</c>. What takes longer is called off and a 503.</summary>
internal static class RequestTimeouts
{
    private const int DefaultSeconds = 5;
    private const int MaxSeconds = 3600;

    /// <summary>Where nothing holds its thread, the limit itself comes first.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddRequestTimeoutPolicy(this IServiceCollection services, IConfiguration configuration)
    {
        var seconds = SettingReader.GetInt32(configuration, "Timeouts:RequestSeconds", DefaultSeconds, min: 1, MaxSeconds, "seconds");
        return services.AddSingleton(new RequestTimeout(TimeSpan.FromSeconds(seconds) + GracePeriod)).AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(seconds),

            // The body comes from where every bare status gets it: here, nothing can be written any more.
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context =>
            {
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestTimeouts))
                    .LogWarning("{Method} {Route} was called off after {Seconds} s, request {RequestId}", context.Request.GetKnownMethod(), context.GetRouteTemplate(), seconds, context.TraceIdentifier);
                return Task.CompletedTask;
            },
        });
    }

    public static IApplicationBuilder UseRequestTimeoutPolicy(this IApplicationBuilder app) => app.UseRequestTimeouts().Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
            {
                // Too late for a 503: an answer that breaks off is not taken for a whole one.
                context.Abort();
            }

            // Not every driver says that it was called off.
            throw new OperationCanceledException(exception.Message, exception, context.RequestAborted);
        }
    });

    /// <summary>From here on the request takes as long as its reader does.</summary>
    public static void DisableRequestTimeout(this HttpContext context) => context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
}
