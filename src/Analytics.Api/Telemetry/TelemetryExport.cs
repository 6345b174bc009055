using Analytics.Application.Observability;
using Analytics.Infrastructure.Configuration;
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
    private const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string ServiceName = "analytics";

    // The name of both the source and the meter.
    private const string Npgsql = "Npgsql";

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[EndpointKey] is not { Length: > 0 } endpoint)
        {
            return services;
        }

        Validate(endpoint, configuration[ProtocolKey]);
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

    // The exporter itself does not report an invalid endpoint in the log, and sends nothing.
    private static void Validate(string endpoint, string? protocol)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new ConfigurationException($"{EndpointKey} must be the address of a collector, such as http://127.0.0.1:4317.");
        }

        if (protocol is { Length: > 0 } && !Protocols.Contains(protocol, StringComparer.Ordinal))
        {
            throw new ConfigurationException($"{ProtocolKey} must be one of {string.Join(", ", Protocols)}.");
        }
    }
}
