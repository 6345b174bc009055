using System.Diagnostics.Metrics;
using Analytics.Application.Ingestion;

namespace Analytics.Application.Observability;

/// <summary>
/// What the service counts of its own. Counting costs next to nothing while nobody listens. A tag is one of a few words:
/// never an organisation, a caller or anything that a client sent.
/// </summary>
public static class AnalyticsMetrics
{
    /// <summary>The name under which listeners find it.</summary>
    public const string Name = "Analytics";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Responses = Meter.CreateCounter<long>("analytics.responses", "{response}", "Answers about numbers, by where they came from.");
    private static readonly Counter<long> RowsWritten = Meter.CreateCounter<long>("analytics.rows.written", "{row}", "Lines and tasks that were to be written, by what became of them.");
    private static readonly Counter<long> AuthenticationFailures = Meter.CreateCounter<long>("analytics.authentication.failures", "{request}", "Requests without a valid token, by reason.");
    private static readonly UpDownCounter<long> QueueDepth = Meter.CreateUpDownCounter<long>("analytics.queue.depth", "{request}", "Who waits for a turn.");
    private static readonly UpDownCounter<long> OpenStreams = Meter.CreateUpDownCounter<long>("analytics.streams.open", "{stream}", "Live streams that are open.");

    /// <summary>How long operations on a database take, in seconds, for an engine whose driver does not measure it.</summary>
    public static Histogram<double> DatabaseOperationDuration { get; } = Meter.CreateHistogram(
        "db.client.operation.duration", "s", "Duration of database client operations.", tags: null, new InstrumentAdvice<double>
        {
            // The convention's, and two below: an embedded database answers far under a millisecond.
            HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
        });

    /// <summary>Counts an answer.</summary>
    public static void RecordResponse(ResponseSource source) => Responses.Add(1, new KeyValuePair<string, object?>("source", ToTagValue(source)));

    /// <summary>Counts what became of writes.</summary>
    public static void RecordRows(WriteCounts counts)
    {
        AddRows(counts.Inserted, "inserted");
        AddRows(counts.Updated, "updated");
        AddRows(counts.Unchanged, "unchanged");
    }

    /// <summary>Counts lines that broke a rule.</summary>
    public static void RecordRejectedLines(long lines) => AddRows(lines, "rejected");

    /// <summary>Counts a request without a valid token.</summary>
    /// <param name="reason">One of a few words.</param>
    public static void RecordAuthenticationFailure(string reason) => AuthenticationFailures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Counts one more in a queue, until it is disposed of.</summary>
    /// <param name="queue">The queue's name: one of a few words.</param>
    public static TrackedCount TrackQueued(string queue) => new(QueueDepth, new KeyValuePair<string, object?>("queue", queue));

    /// <summary>Counts one more open stream, until it is disposed of.</summary>
    public static TrackedCount TrackOpenStream() => new(OpenStreams);

    private static void AddRows(long rows, string effect)
    {
        if (rows > 0)
        {
            RowsWritten.Add(rows, new KeyValuePair<string, object?>("effect", effect));
        }
    }

    private static string ToTagValue(ResponseSource source) => source switch
    {
        ResponseSource.NotModified => "not_modified",
        ResponseSource.Cache => "cache",
        ResponseSource.Database => "database",
    };
}

/// <summary>Where an answer came from.</summary>
public enum ResponseSource
{
    /// <summary>The caller held it already: a 304.</summary>
    NotModified,

    /// <summary>It was kept in memory.</summary>
    Cache,

    /// <summary>It was read.</summary>
    Database,
}

/// <summary>One that is counted for as long as it is there.</summary>
public readonly struct TrackedCount : IDisposable
{
    private readonly UpDownCounter<long> _counter;
    private readonly KeyValuePair<string, object?>[] _tags;

    internal TrackedCount(UpDownCounter<long> counter, params KeyValuePair<string, object?>[] tags)
    {
        (_counter, _tags) = (counter, tags);
        _counter.Add(1, _tags);
    }

    /// <inheritdoc />
    public void Dispose() => _counter.Add(-1, _tags);
}
