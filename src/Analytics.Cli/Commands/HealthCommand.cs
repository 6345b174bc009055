using System.Net;
using System.Net.Sockets;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Cli.Commands;

internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "The address of the service. By default the first that the settings name.",
        HelpName = "URL",
    };

    public static Command Create() =>
        new Command("health", "Exits with 0 if a running service is ready. For images without any other HTTP client.") { Url }
        .HandleErrors(async (run, cancellationToken) =>
        {
            var given = run.Arguments.GetValue(Url);
            var address = given is null ? ListenAddress.From(run.Context.Settings)[0] : ListenAddress.Parse(Url.Name, given);
            var uri = given is null ? ToUriOfThisMachine(address) : address.Uri;
            using var handler = CreateHandler(address.SocketPath, isOtherMachine: given is not null && !uri.IsLoopback);
            using var client = new HttpClient(handler) { Timeout = Timeout };
            try
            {
                using var response = await client.GetAsync(new Uri(uri, "/health/ready"), cancellationToken);
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                run.Output.WriteLine(
                    !response.IsSuccessStatusCode ? $"The service is not ready: {(int)response.StatusCode}."
                    : body.Contains("\"read_only\"", StringComparison.Ordinal) ? "The service is ready; its database is read-only."
                    : "The service is ready.");
                return response.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failed;
            }
            catch (Exception exception)
                when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
            {
                throw new UsageException($"The service does not respond at {address.Url}: {exception.Message}");
            }
        });

    // Kestrel listens on every address of the machine if the host is a wildcard or any name.
    private static Uri ToUriOfThisMachine(ListenAddress address)
    {
        if (address.Uri.Port == 0)
        {
            throw new UsageException($"{address.Key} leaves the port to the system: give the address with {Url.Name}.");
        }

        return IPAddress.TryParse(address.Uri.DnsSafeHost, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
            ? address.Uri
            : new UriBuilder(address.Uri) { Host = "localhost" }.Uri;
    }

    private static SocketsHttpHandler CreateHandler(string? socketPath, bool isOtherMachine)
    {
        // A proxy might respond instead of the service.
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (!isOtherMachine)
        {
            // The certificate is for the service's public name. Nothing secret is sent.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }

        if (socketPath is not null)
        {
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(socketPath, cancellationToken);
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
