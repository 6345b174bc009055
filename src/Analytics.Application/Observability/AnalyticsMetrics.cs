using System.Diagnostics.Metrics;

namespace Analytics.Application.Observability;

/// <summary>The service's own metrics. The set of tag values is small and fixed: no organisation, no user, nothing a client sent.</summary>
public static class AnalyticsMetrics
{
    public const string Name = "Analytics";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Responses =
        Meter.CreateCounter<long>("analytics.responses", "{response}", "Responses to queries, by source.");

    private static readonly Counter<long> RowsWritten =
        Meter.CreateCounter<long>("analytics.rows.written", "{row}", "Lines and tasks to be written, by effect.");

    private static readonly Counter<long> AuthenticationFailures =
        Meter.CreateCounter<long>("analytics.authentication.failures", "{request}", "Requests without a valid token, by reason.");

    private static readonly UpDownCounter<long> QueueDepth =
        Meter.CreateUpDownCounter<long>("analytics.queue.depth", "{request}", "Requests that wait for a permit, by queue.");

    private static readonly UpDownCounter<long> OpenStreams =
        Meter.CreateUpDownCounter<long>("analytics.streams.open", "{stream}", "Open streams.");

    private static readonly Counter<long> DroppedLogLines = Meter.CreateCounter<long>(
        "analytics.log.dropped", "{line}", "Log lines that were dropped because the output was blocked, by kind.");

    /// <summary>In seconds, for an engine whose driver does not measure it.</summary>
    public static Histogram<double> DatabaseOperationDuration { get; } = Meter.CreateHistogram(
        "db.client.operation.duration", "s", "Duration of database client operations.", tags: null, new InstrumentAdvice<double>
        {
            // OpenTelemetry's boundaries, and two below: SQLite returns in far less than a millisecond.
            HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
        });

    public static void RecordResponse(string source) => Responses.Add(1, CreateTag("source", source));

    public static void RecordRows(long inserted, long updated, long unchanged)
    {
        AddRows(inserted, "inserted");
        AddRows(updated, "updated");
        AddRows(unchanged, "unchanged");
    }

    public static void RecordRejectedLines(long lines) => AddRows(lines, "rejected");

    public static void RecordAuthenticationFailure(string reason) => AuthenticationFailures.Add(1, CreateTag("reason", reason));

    public static void RecordDroppedLogLines(string kind, long lines)
    {
        if (lines > 0)
        {
            DroppedLogLines.Add(lines, CreateTag("kind", kind));
        }
    }

    /// <summary>Counts a waiting request until it is disposed of.</summary>
    public static IDisposable TrackQueued(string queue) => new TrackedCount(QueueDepth, CreateTag("queue", queue));

    /// <summary>Counts requests that begin to wait, or end their wait if negative.</summary>
    public static void AddQueued(string queue, int requests) => QueueDepth.Add(requests, CreateTag("queue", queue));

    /// <summary>Counts an open stream until it is disposed of.</summary>
    public static IDisposable TrackOpenStream() => new TrackedCount(OpenStreams);

    private static void AddRows(long rows, string effect)
    {
        if (rows > 0)
        {
            RowsWritten.Add(rows, CreateTag("effect", effect));
        }
    }

    private static KeyValuePair<string, object?> CreateTag(string name, string value) => new(name, value);

    private sealed class TrackedCount : IDisposable
    {
        private readonly UpDownCounter<long> _counter;
        private readonly KeyValuePair<string, object?>[] _tags;

        public TrackedCount(UpDownCounter<long> counter, params KeyValuePair<string, object?>[] tags)
        {
            (_counter, _tags) = (counter, tags);
            _counter.Add(1, _tags);
        }

        public void Dispose() => _counter.Add(-1, _tags);
    }
}

public static class ResponseSource
{
    public const string NotModified = "not_modified";
    public const string Cache = "cache";
    public const string Database = "database";
}
