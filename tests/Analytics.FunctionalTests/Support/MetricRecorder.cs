using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Analytics.Application.Observability;

namespace Analytics.FunctionalTests.Support;

/// <summary>
/// What the process has counted since. All services of the process share one meter, so tests that use it are not parallelizable.
/// </summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener;

    public MetricRecorder()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == AnalyticsMetrics.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    // By the instrument's name and its tags.
    public IReadOnlyDictionary<string, double> Sums => _sums;

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
        _sums.AddOrUpdate(series, value, (_, sum) => sum + value);
    }
}
