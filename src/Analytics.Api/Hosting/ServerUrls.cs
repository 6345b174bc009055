using System.Net.Sockets;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Analytics.Api.Hosting;

/// <summary>Reports invalid or unavailable <c>Urls</c> as a configuration error.</summary>
internal static class ServerUrls
{
    private const string Key = "Urls";

    public static void Validate(IConfiguration configuration)
    {
        try
        {
            foreach (var address in (configuration[Key] ?? "").Split(';'))
            {
                BindingAddress.Parse(address);
            }
        }
        catch (FormatException)
        {
            throw new ConfigurationException($"{Key} must be addresses such as http://127.0.0.1:8000, separated by semicolons.");
        }
    }

    public static async Task ServeAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException addressInUse) when (addressInUse.InnerException is AddressInUseException)
        {
            throw new ConfigurationException(
                $"{Key} names an address that is already in use: stop what listens there, or name another one.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            throw new ConfigurationException(
                $"{Key} names an address on which the service cannot listen: {exception.Message.Split('\n')[0].Trim()}");
        }

        await app.WaitForShutdownAsync();
    }
}
