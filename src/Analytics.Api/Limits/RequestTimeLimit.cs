using Analytics.Api.Telemetry;
using Analytics.Application.Pipeline;
using Analytics.Infrastructure.Settings;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Analytics.Api.Limits;

/// <summary>How long a request may take in all: <c>TimeLimits:RequestSeconds</c>. What takes longer is called off and a 503.</summary>
internal static class RequestTimeLimit
{
    private const int DefaultSeconds = 5;
    private const int LongestSeconds = 3600;

    /// <summary>Where nothing holds its thread, the limit itself comes first.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddRequestTimeLimit(this IServiceCollection services, IConfiguration configuration)
    {
        var seconds = WholeNumber.From(configuration, "TimeLimits:RequestSeconds", DefaultSeconds, least: 1, LongestSeconds, "seconds");
        return services.AddSingleton(new AnswerLimit(TimeSpan.FromSeconds(seconds) + Grace)).AddRequestTimeouts(limits => limits.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(seconds),

            // The body comes from where every bare status gets it: here, nothing can be written any more.
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context =>
            {
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestTimeLimit))
                    .LogWarning("{Method} {Route} was called off after {Seconds} s, request {RequestId}", context.Request.KnownMethod(), context.Route(), seconds, context.TraceIdentifier);
                return Task.CompletedTask;
            },
        });
    }

    public static IApplicationBuilder UseRequestTimeLimit(this IApplicationBuilder app) => app.UseRequestTimeouts().Use(async (context, next) =>
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
    public static void LiftTimeLimit(this HttpContext context) => context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
}
