using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Analytics.Api.Hosting;

/// <summary>What the web server takes from the network, before anything is a request.</summary>
internal static class KestrelSetup
{
    private const int MaxConnections = 10_000;
    private const int MaxRequestLineBytes = 8 * 1024;
    private const int MaxHeaderBytes = 32 * 1024;
    private const int MaxHeaders = 100;

    /// <summary>A little above what any route takes, so that the route can say which limit it is.</summary>
    private const int MaxBodyBytes = (16 * 1024 * 1024) + (64 * 1024);

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Slower senders than any network are cut, after a start that is long enough for a bad one.</summary>
    private static readonly MinDataRate MinBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));

    public static IWebHostBuilder ConfigureServer(this IWebHostBuilder builder) => builder.ConfigureKestrel(server =>
    {
        server.AddServerHeader = false;

        // Every byte is a character: what is beyond ASCII breaks a rule of ours and gets our error, instead of the server's empty one.
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
