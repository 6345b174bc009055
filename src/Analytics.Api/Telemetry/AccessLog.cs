using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Telemetry;

/// <summary>
/// Logs one line per request with its id, known method, route template, status and duration. No header, query, path or body
/// is logged.
/// </summary>
internal sealed partial class AccessLog(RequestDelegate next, AccessLogSettings settings, TimeProvider clock, ILogger<AccessLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var (status, duration) = (context.Response.StatusCode, clock.GetElapsedTime(start));
            if (log.IsEnabled(LogLevel.Information) && settings.Includes(status, duration) && !context.IsWarmUp())
            {
                var (method, route) = (context.Request.GetKnownMethod(), context.GetRouteTemplate());
                LogRequest(method, route, status, duration.TotalMilliseconds, context.TraceIdentifier);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information,
        Message = "{Method} {Route} {StatusCode} in {Duration:0.0} ms, request {RequestId}")]
    private partial void LogRequest(string method, string route, int statusCode, double duration, string requestId);
}

/// <summary>Which requests have a line.</summary>
internal sealed record AccessLogSettings(AccessLogMode Mode, TimeSpan SlowDuration)
{
    public static AccessLogSettings From(IConfiguration configuration) => new(
        configuration[SettingKeys.AccessLogMode] switch
        {
            null or "" or "all" => AccessLogMode.All,
            "errors" => AccessLogMode.Errors,
            "off" => AccessLogMode.Off,
            _ => throw new ConfigurationException($"{SettingKeys.AccessLogMode} must be all, errors or off."),
        },
        TimeSpan.FromMilliseconds(
            configuration.GetInt32(SettingKeys.AccessLogSlowMilliseconds, defaultValue: 1_000, min: 1, max: 3_600_000)));

    public bool Includes(int status, TimeSpan duration) =>
        Mode == AccessLogMode.All || status >= StatusCodes.Status400BadRequest || duration >= SlowDuration;
}

internal enum AccessLogMode
{
    All,

    /// <summary>Statuses from 400 on, and slow requests.</summary>
    Errors,
    Off,
}

internal static class AccessLogging
{
    public static IApplicationBuilder UseAccessLog(this IApplicationBuilder app, IConfiguration configuration)
    {
        var settings = AccessLogSettings.From(configuration);
        return settings.Mode == AccessLogMode.Off ? app : app.UseMiddleware<AccessLog>(settings);
    }
}
