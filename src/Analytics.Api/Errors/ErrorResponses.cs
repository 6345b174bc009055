using Analytics.Api.Telemetry;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Analytics.Api.Errors;

/// <summary>Writes every error in the one body, whoever found it.</summary>
internal static class ErrorResponses
{
    public const string RetryAfterSeconds = "1";

    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerException, SuppressDiagnosticsCallback = _ => true })
        .UseStatusCodePages(context => WriteAsync(context.HttpContext, ErrorTable.Of(context.HttpContext.Response.StatusCode)));

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        context.Response.StatusCode = error.StatusCode;
        if (error.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return context.Response.WriteAsJsonAsync(error with { RequestId = context.TraceIdentifier }, context.RequestAborted);
    }

    private static Task AnswerException(HttpContext context)
    {
        // Not every driver says that it was called off.
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        var exception = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        var error = ErrorTable.Of(exception);
        if (error.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorResponses))
                .LogError(exception, "{Method} {Route} failed with {Status}, request {RequestId}", context.Request.KnownMethod(), context.Route(), error.StatusCode, context.TraceIdentifier);
        }

        return WriteAsync(context, error);
    }
}
