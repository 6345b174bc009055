using Analytics.Api.Hosting;
using Analytics.Api.Telemetry;

namespace Analytics.Api.Formats;

/// <summary>
/// Streams rows as a file, with bounded memory. If reading them fails midway, the connection is aborted, so that the client does
/// not mistake a truncated file for a complete one.
/// </summary>
internal sealed class RowsResult<T>(string fileName, IAsyncEnumerable<T> rows, IRowWriter<T> writer) : IActionResult
{
    private const int FlushThreshold = 32 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        http.Response.ContentType = writer.ContentType;
        http.Response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{fileName}.{writer.Extension}\"";
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        http.DisableRequestTimeout();
        try
        {
            await WriteAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception failure) when (http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RowsResult<>))
                .LogError(
                    failure,
                    "{Method} {Route} failed midway, request {RequestId}",
                    http.Request.GetKnownMethod(), http.GetRouteTemplate(), http.TraceIdentifier);
            http.Abort();
        }
    }

    private async Task WriteAsync(Stream body, CancellationToken cancellationToken)
    {
        using (writer)
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                writer.Write(row);
                if (writer.Pending >= FlushThreshold)
                {
                    await body.WriteAsync(writer.Drain(), cancellationToken);
                }
            }

            await body.WriteAsync(writer.Drain(), cancellationToken);
        }
    }
}
