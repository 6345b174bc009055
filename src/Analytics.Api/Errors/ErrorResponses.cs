using Analytics.Api.Telemetry;
using Analytics.Application.Concurrency;
using Analytics.Infrastructure;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Analytics.Api.Errors;

/// <summary>Writes the errors of the pipeline and of the framework with the same body.</summary>
internal static class ErrorResponses
{
    // The default of Retry-After.
    public const int RetryAfterSeconds = 1;

    // Each request gets a logger. By a type the factory would build the name each time.
    private static readonly string LogCategory = typeof(ErrorResponses).FullName!;

    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app) => app
        .UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = HandleExceptionAsync,
                SuppressDiagnosticsCallback = _ => true,
                AllowStatusCode404Response = true,
            })
        .UseStatusCodePages(context => WriteAsync(context.HttpContext, ErrorTable.GetError(context.HttpContext.Response.StatusCode)));

    public static Task WriteAsync(HttpContext context, ErrorResponse error, int retryAfterSeconds = RetryAfterSeconds)
    {
        context.Response.StatusCode = error.StatusCode;
        if (error.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        // Without a token: a disconnected client is no error here.
        return context.Response.WriteAsJsonAsync(error with { RequestId = context.TraceIdentifier }, CancellationToken.None);
    }

    /// <summary>The body of an error that is found when the response has started.</summary>
    public static byte[] Serialize(HttpContext context, ErrorResponse error) => JsonSerializer.SerializeToUtf8Bytes(
        error with { RequestId = context.TraceIdentifier },
        context.RequestServices.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions);

    /// <summary>
    /// Logs what the work of a request throws after the request has ended. What is logged is read beforehand, because the
    /// server reuses the <see cref="HttpContext"/>.
    /// </summary>
    public static Action<Exception> CreateLateFailureLog(HttpContext context)
    {
        var logger = GetLogger(context);
        var (method, route, requestId) = (context.Request.GetKnownMethod(), context.GetRouteTemplate(), context.TraceIdentifier);
        return exception =>
        {
            // The request ended because it was cancelled. What drivers throw then is transient, or has a number of its own.
            if (exception is not OperationCanceledException
                && !DatabaseErrors.IsCancellation(exception)
                && ErrorTable.GetError(exception).StatusCode == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(
                    exception, "{Method} {Route} failed after the request had ended, request {RequestId}", method, route, requestId);
            }
        };
    }

    private static Task HandleExceptionAsync(HttpContext context)
    {
        var exception = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        var error = ErrorTable.GetError(exception);
        if (exception is OverloadedException)
        {
            // Overload is not a failure. A stack trace for each rejected request would add to the load.
            GetLogger(context).LogWarning(
                "{Method} {Route} was rejected because of overload, request {RequestId}",
                context.Request.GetKnownMethod(), context.GetRouteTemplate(), context.TraceIdentifier);
        }
        else if (error.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            GetLogger(context).LogError(
                exception, "{Method} {Route} failed with {Status}, request {RequestId}",
                context.Request.GetKnownMethod(), context.GetRouteTemplate(), error.StatusCode, context.TraceIdentifier);
        }

        if (exception is RejectedBodyException { Accepted: var (name, value) })
        {
            context.Response.Headers[name] = value;
        }

        return WriteAsync(context, error);
    }

    private static ILogger GetLogger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategory);
}
