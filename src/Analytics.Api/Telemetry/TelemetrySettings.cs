using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Telemetry;

/// <summary>
/// Validates the <c>OTEL_*</c> settings that OpenTelemetry reads. It ignores the ones that it cannot read, mentions them in no log,
/// and ends the process with a stack trace because of a few.
/// </summary>
internal static class TelemetrySettings
{
    private const int DefaultBatchSize = 512;
    private const int DefaultQueueSize = 2_048;

    private static readonly string[] Exporters =
        ["OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_LOGS_", "OTEL_EXPORTER_OTLP_METRICS_", "OTEL_EXPORTER_OTLP_TRACES_"];

    private static readonly string[] Processors = ["OTEL_BSP_", "OTEL_BLRP_"];

    private static readonly string[] CountLimits =
    [
        "OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_SPAN_LINK_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    ];

    public static void Validate(IConfiguration configuration)
    {
        foreach (var exporter in Exporters)
        {
            RequireAddress(configuration, $"{exporter}ENDPOINT");
            RequireOneOf(configuration, $"{exporter}PROTOCOL", StringComparer.Ordinal, "grpc", "http/protobuf");
            RequireOneOf(configuration, $"{exporter}COMPRESSION", StringComparer.OrdinalIgnoreCase, "none", "gzip");
            RequireHeaders(configuration, $"{exporter}HEADERS");
            RequireNumber(configuration, $"{exporter}TIMEOUT", min: 1);
        }

        foreach (var processor in Processors)
        {
            RequireNumber(configuration, $"{processor}SCHEDULE_DELAY", min: 1);
            RequireNumber(configuration, $"{processor}EXPORT_TIMEOUT", min: 1);
            RequireBatchThatFitsTheQueue(configuration, $"{processor}MAX_EXPORT_BATCH_SIZE", $"{processor}MAX_QUEUE_SIZE");
        }

        foreach (var limit in CountLimits)
        {
            RequireNumber(configuration, limit, min: 0);
        }

        RequireNumber(configuration, "OTEL_METRIC_EXPORT_INTERVAL", min: 1);
        RequireNumber(configuration, "OTEL_METRIC_EXPORT_TIMEOUT", min: 1);
        RequireOneOf(
            configuration, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", StringComparer.OrdinalIgnoreCase,
            "cumulative", "delta", "lowmemory");
        RequireOneOf(
            configuration, "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", StringComparer.OrdinalIgnoreCase,
            "explicit_bucket_histogram", "base2_exponential_bucket_histogram");
        RequireOneOf(
            configuration, "OTEL_METRICS_EXEMPLAR_FILTER", StringComparer.OrdinalIgnoreCase, "always_off", "always_on", "trace_based");
        RequireOneOf(
            configuration, "OTEL_TRACES_SAMPLER", StringComparer.OrdinalIgnoreCase, "always_on", "always_off", "traceidratio",
            "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio");
        RequireRatio(configuration, "OTEL_TRACES_SAMPLER_ARG");
        _ = configuration.GetBoolean("OTEL_SDK_DISABLED", defaultValue: false);
    }

    private static void RequireAddress(IConfiguration configuration, string key)
    {
        if (configuration[key] is { Length: > 0 } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)))
        {
            throw new ConfigurationException($"{key} must be the address of a collector, such as http://127.0.0.1:4317.");
        }
    }

    private static void RequireOneOf(IConfiguration configuration, string key, StringComparer comparer, params string[] values)
    {
        if (configuration[key] is { Length: > 0 } value && !values.Contains(value, comparer))
        {
            throw new ConfigurationException($"{key} must be one of {string.Join(", ", values)}.");
        }
    }

    private static void RequireHeaders(IConfiguration configuration, string key)
    {
        if (configuration[key] is { Length: > 0 } headers && headers.Split(',').Any(header => header.Trim().IndexOf('=') < 1))
        {
            throw new ConfigurationException($"{key} must be a list such as name=value,other=value.");
        }
    }

    private static void RequireNumber(IConfiguration configuration, string key, int min) =>
        _ = configuration.GetInt32(key, defaultValue: min, min, int.MaxValue);

    private static void RequireBatchThatFitsTheQueue(IConfiguration configuration, string batchKey, string queueKey)
    {
        var queueSize = configuration.GetInt32(queueKey, DefaultQueueSize, min: 1, int.MaxValue);
        if (configuration.GetInt32(batchKey, DefaultBatchSize, min: 1, int.MaxValue) > queueSize)
        {
            throw new ConfigurationException(
                $"{batchKey} (by default {DefaultBatchSize}) must not exceed {queueKey} (by default {DefaultQueueSize}).");
        }
    }

    private static void RequireRatio(IConfiguration configuration, string key)
    {
        if (configuration[key] is { Length: > 0 } text
            && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1))
        {
            throw new ConfigurationException($"{key} must be a number from 0 to 1.");
        }
    }
}
