using Analytics.Application.Observability;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Analytics.Api.Telemetry;

/// <summary>
/// Exports traces, metrics and logs to the collector at <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>. Without that setting nothing is
/// collected. The other <c>OTEL_*</c> settings are OpenTelemetry's own.
/// </summary>
internal static class TelemetryExport
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "analytics";

    // The name of both the source and the meter.
    private const string Npgsql = "Npgsql";

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[EndpointKey] is not { Length: > 0 })
        {
            return services;
        }

        TelemetrySettings.Validate(configuration);
        services.AddOpenTelemetry()

            // Last, so that OTEL_SERVICE_NAME overrides the name.
            .ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(AnalyticsMetrics.Name, Npgsql, "System.Runtime")
                .AddAspNetCoreInstrumentation()
                .AddSqlClientInstrumentation())
            .WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(ServerSpan.Configure)
                .AddSource(Npgsql)
                .AddSqlClientInstrumentation())
            .WithLogging(configureBuilder: null, log => log.IncludeFormattedMessage = true)
            .UseOtlpExporter();
        return services;
    }
}
