using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Analytics.Api.Hosting;

/// <summary>Sends the web server its first requests, before the service is ready.</summary>
internal static class ServerWarmUp
{
    private const int Connections = 2;
    private const int RequestsPerConnection = 3;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>Over HTTP on TCP; other addresses, and failures, do no harm.</summary>
    public static async Task RunAsync(IServer server, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse) ?? [])
            {
                if (address.Scheme == Uri.UriSchemeHttp && !address.IsUnixPipe && !address.IsNamedPipe)
                {
                    await SendRequestsAsync(new IPEndPoint(GetConnectAddress(address.Host), address.Port), timeout.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
        }
    }

    private static async Task SendRequestsAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET /health/live HTTP/1.1\r\nHost: {server}\r\n{ResponseHeaders.RequestId}: {ResponseHeaders.WarmUpRequestId}\r\n\r\n");
        var response = new byte[4 * 1024];
        for (var connection = 0; connection < Connections; connection++)
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server, cancellationToken);
            for (var sent = 0; sent < RequestsPerConnection; sent++)
            {
                // In two parts, so that the server waits for the second, as it does for clients.
                await socket.SendAsync(request.AsMemory(..1), cancellationToken);
                await Task.Yield();
                await socket.SendAsync(request.AsMemory(1..), cancellationToken);
                await socket.ReceiveAsync(response, cancellationToken);
            }
        }
    }

    private static IPAddress GetConnectAddress(string host) =>
        !IPAddress.TryParse(host, out var address) || address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;
}
