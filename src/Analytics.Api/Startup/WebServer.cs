using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Analytics.Api.Startup;

/// <summary>What the web server takes from the network, before anything is a request.</summary>
internal static class WebServer
{
    private const int MostConnections = 10_000;
    private const int RequestLineBytes = 8 * 1024;
    private const int HeaderBytes = 32 * 1024;
    private const int Headers = 100;

    /// <summary>A little above what any route takes, so that the route can say which limit it is.</summary>
    private const int BodyBytes = (16 * 1024 * 1024) + (64 * 1024);

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Slower senders than any network are cut, after a start that is long enough for a bad one.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));

    public static IWebHostBuilder ConfigureServer(this IWebHostBuilder builder) => builder.ConfigureKestrel(server =>
    {
        server.AddServerHeader = false;

        // Every byte is a character: what is beyond ASCII breaks a rule of ours and gets our error, instead of the server's empty one.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;

        server.Limits.MaxConcurrentConnections = MostConnections;
        server.Limits.MaxRequestLineSize = RequestLineBytes;
        server.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        server.Limits.MaxRequestHeaderCount = Headers;
        server.Limits.MaxRequestBodySize = BodyBytes;
        server.Limits.RequestHeadersTimeout = HeadersTimeout;
        server.Limits.KeepAliveTimeout = KeepAliveTimeout;
        server.Limits.MinRequestBodyDataRate = SlowestBody;
    });
}
