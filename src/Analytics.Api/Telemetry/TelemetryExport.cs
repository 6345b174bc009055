using Analytics.Application.Observability;
using Analytics.Infrastructure.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Analytics.Api.Telemetry;

/// <summary>
/// Sends traces, metrics and logs to the collector that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names. Without one nothing is
/// collected. The other <c>OTEL_*</c> settings are the standard's.
/// </summary>
internal static class TelemetryExport
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string ServiceName = "analytics";

    /// <summary>The PostgreSQL driver's own source and meter.</summary>
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

            // The environment's name comes last and wins.
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

    /// <summary>The exporter would only note a wrong one where nobody looks, and send nothing.</summary>
    private static void Validate(string endpoint, string? protocol)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new ConfigurationException($"{EndpointKey} must be the address of a collector, such as http://127.0.0.1:4317.");
        }

        if (protocol is { Length: > 0 } && !Protocols.Contains(protocol, StringComparer.Ordinal))
        {
            throw new ConfigurationException($"{ProtocolKey} must be one of {string.Join(", ", Protocols)}.");
        }
    }
}
