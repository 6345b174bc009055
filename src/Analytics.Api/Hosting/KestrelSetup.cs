using System.Reflection;
using System.Text;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Analytics.Api.Hosting;

internal static class KestrelSetup
{
    private const string LimitsKey = "Kestrel:Limits";
    private const int MaxConnections = 10_000;

    // Kestrel binds with the transport that is registered last.
    public static IWebHostBuilder ConfigureServer(this IWebHostBuilder builder) => builder
        .ConfigureKestrel(Configure)
        .ConfigureServices(services => services
            .AddSingleton<SocketTransportFactory>()
            .AddSingleton<IConnectionListenerFactory, BoundedSocketTransport>());

    private static void Configure(WebHostBuilderContext context, KestrelServerOptions server)
    {
        server.AddServerHeader = false;

        // Latin1 decodes every byte. Validation then rejects non-ASCII values with our error body; Kestrel's own 400 is empty.
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;

        server.Limits.MaxConcurrentConnections = OpenFilesLimit.GetMaxConnections(MaxConnections);
        server.Limits.MaxRequestLineSize = 8 * 1024;
        server.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        server.Limits.MaxRequestHeaderCount = 100;

        // Slightly above the limit of every route, so that the route's own error names the limit.
        server.Limits.MaxRequestBodySize = PushBody.MaxBytes + (64 * 1024);

        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);

        // Longer than the idle timeout of common load balancers (600 s at most): one that reuses a connection finds it open.
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(620);
        server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        BindLimits(context.Configuration, server.Limits);
    }

    // Kestrel itself reads only its endpoints and certificates from the configuration.
    private static void BindLimits(IConfiguration configuration, KestrelServerLimits limits)
    {
        try
        {
            configuration.GetSection(LimitsKey).Bind(limits, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TargetInvocationException or ArgumentException)
        {
            throw new ConfigurationException(
                $"{LimitsKey} has a limit that Kestrel does not have, or a value that it does not accept (times are written 00:10:20).");
        }
    }
}
