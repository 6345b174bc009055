using System.Text;
using Analytics.Application.Ingestion.PushTasks;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Analytics.Api.Hosting;

internal static class KestrelSetup
{
    public static IWebHostBuilder ConfigureServer(this IWebHostBuilder builder) => builder.ConfigureKestrel(server =>
    {
        server.AddServerHeader = false;

        // Latin1 decodes every byte. Validation then rejects non-ASCII values with our error body; Kestrel's own 400 is empty.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;

        server.Limits.MaxConcurrentConnections = 10_000;
        server.Limits.MaxRequestLineSize = 8 * 1024;
        server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        server.Limits.MaxRequestHeaderCount = 100;

        // Slightly above the limit of every route, so that the route's own error names the limit.
        server.Limits.MaxRequestBodySize = PushBody.MaxBytes + (64 * 1024);

        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
    });
}
