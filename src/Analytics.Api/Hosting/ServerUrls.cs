using System.Net.Sockets;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Analytics.Api.Hosting;

/// <summary>The addresses on which the service listens. Reports invalid or unavailable ones as configuration errors.</summary>
internal static class ServerUrls
{
    /// <summary>Validates the configured addresses, and sets the default if there are none.</summary>
    public static IWebHostBuilder UseConfiguredUrls(this IWebHostBuilder builder, IConfiguration configuration)
    {
        var addresses = ListenAddress.From(configuration);

        // Kestrel reads endpoints and ports itself. It would warn that Urls overrides them, or is overridden by them.
        return addresses[0].Key == ListenAddress.UrlsKey ? builder.UseUrls([.. addresses.Select(address => address.Url)]) : builder;
    }

    public static async Task ServeAsync(this WebApplication app)
    {
        var key = ListenAddress.From(app.Configuration)[0].Key;
        try
        {
            await app.StartAsync();
        }
        catch (IOException addressInUse) when (addressInUse.InnerException is AddressInUseException)
        {
            throw new ConfigurationException(
                $"{key} names an address that is already in use: stop what listens there, or name another one.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            throw new ConfigurationException(
                $"{key} names an address on which the service cannot listen: {exception.Message.Split('\n')[0].Trim()}");
        }

        await app.WaitForShutdownAsync();
    }
}
