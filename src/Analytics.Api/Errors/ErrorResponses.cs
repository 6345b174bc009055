using System.Globalization;
using Analytics.Api.Telemetry;
using Analytics.Application.Concurrency;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Analytics.Api.Errors;

/// <summary>Writes every error in the one body, whoever found it.</summary>
internal static class ErrorResponses
{
    /// <summary>Where nobody knows better.</summary>
    public const int RetryAfterSeconds = 1;

    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = HandleExceptionAsync, SuppressDiagnosticsCallback = _ => true })
        .UseStatusCodePages(context => WriteAsync(context.HttpContext, ErrorTable.GetError(context.HttpContext.Response.StatusCode)));

    public static Task WriteAsync(HttpContext context, ApiError error, int retryAfterSeconds = RetryAfterSeconds)
    {
        context.Response.StatusCode = error.StatusCode;
        if (error.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        // Whoever has gone reads nothing, and that is no error.
        return context.Response.WriteAsJsonAsync(error with { RequestId = context.TraceIdentifier }, CancellationToken.None);
    }

    private static Task HandleExceptionAsync(HttpContext context)
    {
        var exception = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        var error = ErrorTable.GetError(exception);
        if (exception is OverloadedException)
        {
            // Load is no fault, and its log must not add to it.
            GetLogger(context).LogWarning("{Method} {Route} found too many at work, request {RequestId}", context.Request.GetKnownMethod(), context.GetRouteTemplate(), context.TraceIdentifier);
        }
        else if (error.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            GetLogger(context).LogError(exception, "{Method} {Route} failed with {Status}, request {RequestId}", context.Request.GetKnownMethod(), context.GetRouteTemplate(), error.StatusCode, context.TraceIdentifier);
        }

        return WriteAsync(context, error);
    }

    private static ILogger GetLogger(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorResponses));
}
