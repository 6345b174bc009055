using System.Net.Sockets;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Analytics.Api.Hosting;

/// <summary>The addresses on which the service listens. Reports invalid or unavailable ones as configuration errors.</summary>
internal static class ServerUrls
{
    private const string CertificateKey = "Kestrel:Certificates:Default";
    private const string KestrelNamespace = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>Validates the configured addresses, and sets the default if there are none.</summary>
    public static IWebHostBuilder UseConfiguredUrls(this IWebHostBuilder builder, IConfiguration configuration)
    {
        var addresses = ListenAddress.From(configuration);

        // Kestrel reads endpoints and ports itself. It would warn that Urls overrides them, or is overridden by them.
        return addresses[0].Key == ListenAddress.UrlsKey ? builder.UseUrls([.. addresses.Select(address => address.Url)]) : builder;
    }

    public static async Task ServeAsync(this WebApplication app)
    {
        var hostLog = app.Services.GetRequiredService<HostLogFilter>();
        var addresses = ListenAddress.From(app.Configuration);
        var key = addresses[0].Key;
        foreach (var path in addresses.Select(address => address.SocketPath).OfType<string>())
        {
            DeleteAbandonedSocket(path);
        }

        try
        {
            await app.StartAsync();
        }
        catch (IOException addressInUse) when (addressInUse.InnerException is AddressInUseException)
        {
            throw new ConfigurationException(
                $"{key} names an address that is already in use: stop what listens there, or name another one.");
        }
        catch (Exception exception) when (exception.StackTrace?.Contains(KestrelNamespace, StringComparison.Ordinal) == true)
        {
            // Only the settings differ from one start of Kestrel to another, and it throws exceptions of many types.
            var reason = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
            throw new ConfigurationException(
                reason.Contains("No server certificate was specified", StringComparison.Ordinal)
                    ? $"{CertificateKey} is missing, which an https address needs: set {CertificateKey}:Path and {CertificateKey}:KeyPath to PEM files."
                : $"{key} names an address on which the service cannot listen: {reason}.");
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            app.Logger.LogCritical(defect, "The service cannot start");
            throw;
        }

        hostLog.Show();
        await app.WaitForShutdownAsync();
    }

    // A process that was killed leaves its socket, at which nobody listens, and the next one could not listen there.
    private static void DeleteAbandonedSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && IsEmpty(path))
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // There is no file, or it is not ours: listening reports what is wrong.
        }
    }

    // Connecting to a file that is no socket is refused too. Unlike such a file, a socket has no content.
    private static bool IsEmpty(string path) => new FileInfo(path).Length == 0;
}
