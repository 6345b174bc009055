using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Analytics.Client;

/// <summary>The <see cref="HttpClient"/>, with and without dependency injection.</summary>
internal static class HttpSetup
{
    // The service's addresses are looked up again, so that a client may live as long as the process.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static HttpClient CreateClient(AnalyticsClientOptions options)
    {
        var resilience = new ResiliencePipelineBuilder<HttpResponseMessage>();
        ResilienceSetup.Configure(resilience, options);
        var sockets = new SocketsHttpHandler();
        Configure(sockets);
        var http = new HttpClient(
            new ResilienceHandler(resilience.Build()) { InnerHandler = new BufferingHandler { InnerHandler = sockets } });
        Configure(http);
        return http;
    }

    // Attempts have their own timeout; pauses between them have none.
    public static void Configure(HttpClient http) => http.Timeout = Timeout.InfiniteTimeSpan;

    // A redirect would send the organisation's name to another host.
    public static void Configure(SocketsHttpHandler sockets)
    {
        sockets.AllowAutoRedirect = false;
        sockets.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli;
        sockets.PooledConnectionLifetime = ConnectionLifetime;
    }
}
