using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Analytics.FunctionalTests.Support;

/// <summary>A collector of telemetry on a loopback port, which records every byte.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();

    private OtlpCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", ReceiveAsync);
    }

    // Settings that make the service export to this collector.
    public IEnumerable<(string Key, string Value)> ExporterSettings =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        await collector._app.StartAsync();
        return collector;
    }

    // The received requests of traces, metrics or logs, in their order.
    public IEnumerable<byte[]> GetRequests(string signal) =>
        _received.Where(received => received.Signal == signal).Select(received => received.Body);

    // The last state of every series.
    public IReadOnlyList<MetricSeries> LatestMetrics =>
        [.. GetRequests("metrics").SelectMany(MetricSeries.ParseRequest).GroupBy(point => (point.Metric, point.Tags))
            .Select(series => series.Last())];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _received.Enqueue((signal, body.ToArray()));
        return Results.Bytes([], "application/x-protobuf");
    }
}
