using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Analytics.Api.Hosting;

internal static class KestrelSetup
{
    private const int MaxConnections = 10_000;
    private const int MaxRequestLineBytes = 8 * 1024;
    private const int MaxHeaderBytes = 32 * 1024;
    private const int MaxHeaders = 100;

    // Slightly above the limit of every route, so that the route's own error names the limit.
    private const int MaxBodyBytes = (16 * 1024 * 1024) + (64 * 1024);

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);

    private static readonly MinDataRate MinBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));

    public static IWebHostBuilder ConfigureServer(this IWebHostBuilder builder) => builder.ConfigureKestrel(server =>
    {
        server.AddServerHeader = false;

        // Latin1 decodes every byte. Validation then rejects non-ASCII values with our error body; Kestrel's own 400 is empty.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;

        server.Limits.MaxConcurrentConnections = MaxConnections;
        server.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        server.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        server.Limits.MaxRequestHeaderCount = MaxHeaders;
        server.Limits.MaxRequestBodySize = MaxBodyBytes;
        server.Limits.RequestHeadersTimeout = HeadersTimeout;
        server.Limits.KeepAliveTimeout = KeepAliveTimeout;
        server.Limits.MinRequestBodyDataRate = MinBodyDataRate;
    });
}
