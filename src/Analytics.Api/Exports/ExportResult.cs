using Analytics.Api.Formats;
using Analytics.Api.Hosting;
using Analytics.Api.Telemetry;
using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.ListTasks;

namespace Analytics.Api.Exports;

/// <summary>
/// Sends an export through a spool, so that a slow client holds neither a connection of the database nor a snapshot. After a failure
/// the connection is aborted, so that a short file is never taken for a whole one.
/// </summary>
internal sealed class ExportResult(TaskExport export, IRowWriter<ListedTask> writer) : IActionResult
{
    // One write to the disk.
    private const int FlushThreshold = 32 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        http.Response.ContentType = writer.ContentType;
        http.Response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"tasks.{writer.Extension}\"";

        // HTTP/1.0 has no chunks: only Content-Length tells a whole file from a short one.
        var isHttp10 = HttpProtocol.IsHttp10(http.Request.Protocol);
        var coding = isHttp10 ? null : ContentCoding.Negotiate(http.Request);
        coding?.SetHeaders(http.Response);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        var services = http.RequestServices;
        using var spool = services.GetRequiredService<ExportSpoolFolder>().Create(export.OrganisationId);
        http.DisableRequestTimeout();
        using var download = new CancellationTokenSource(Timeout.InfiniteTimeSpan, services.GetRequiredService<TimeProvider>());
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, download.Token);

        // Task.Run, because SQLite's driver reads synchronously.
        var filling = Task.Run(
            async () =>
            {
                await FillAsync(spool, coding, cancellation.Token);
                download.CancelAfter(services.GetRequiredService<ExportSettings>().MaxDownloadTime);
            },
            CancellationToken.None);
        try
        {
            if (isHttp10)
            {
                await spool.Completion.WaitAsync(cancellation.Token);
                http.Response.ContentLength = spool.Length;
            }

            await spool.CopyToAsync(http.Response.Body, cancellation.Token);
        }
        catch (Exception exception) when (http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailure(http, exception, download.IsCancellationRequested);
            http.Abort();
        }
        finally
        {
            await cancellation.CancelAsync();
            await filling;
        }
    }

    private async Task FillAsync(ExportSpool spool, ContentCoding? coding, CancellationToken cancellationToken)
    {
        try
        {
            // Compressed into the spool, not from it: a compressor that ends the response would make a short file look whole.
            using var compressed = new MemoryStream();

            // Disposing of the export returns its connection and its permit while the client may still be downloading.
            await using (export)
            using (writer)
            using (var compressor = coding?.Compress(compressed))
            {
                await foreach (var row in export.ReadAsync().WithCancellation(cancellationToken))
                {
                    writer.Write(row);
                    if (writer.Pending >= FlushThreshold)
                    {
                        await SpoolAsync(compressor);
                    }
                }

                await SpoolAsync(compressor);
            }

            await spool.WriteAsync(compressed.ToArray(), cancellationToken);
            if (coding is not null && spool.Length == 0)
            {
                await spool.WriteAsync(coding.EmptyBody, cancellationToken);
            }

            spool.Complete();

            async Task SpoolAsync(Stream? compressor)
            {
                if (compressor is null)
                {
                    await spool.WriteAsync(writer.Drain(), cancellationToken);
                    return;
                }

                compressor.Write(writer.Drain().Span);
                await spool.WriteAsync(compressed.GetBuffer().AsMemory(0, (int)compressed.Length), cancellationToken);
                compressed.SetLength(0);
            }
        }
        catch (Exception exception)
        {
            spool.Fail(exception);
        }
    }

    private static void LogFailure(HttpContext http, Exception exception, bool isTooSlow)
    {
        var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<ExportResult>();
        var (method, route) = (http.Request.GetKnownMethod(), http.GetRouteTemplate());
        if (isTooSlow)
        {
            log.LogWarning("{Method} {Route} was not downloaded in time, request {RequestId}", method, route, http.TraceIdentifier);
        }
        else
        {
            log.LogError(exception, "{Method} {Route} failed midway, request {RequestId}", method, route, http.TraceIdentifier);
        }
    }
}
