using System.Net;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Analytics.Api.Hosting;

/// <summary>
/// Uses <c>X-Forwarded-For</c> and <c>X-Forwarded-Prefix</c> of the proxies in <c>ForwardedHeaders:KnownProxies</c>; there are
/// none by default.
/// </summary>
internal static class ForwardedHeadersSetup
{
    private const string Key = "ForwardedHeaders:KnownProxies";

    // ASP.NET Core's own setting, ASPNETCORE_FORWARDEDHEADERS_ENABLED in the environment.
    private const string EnabledKey = "ForwardedHeaders_Enabled";

    // The setting's values are addresses, or networks in CIDR notation.
    public static IApplicationBuilder UseKnownProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        if (string.Equals(configuration[EnabledKey], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"{EnabledKey} would believe everybody: leave it out, and name the proxies in {Key}:0.");
        }

        var knownProxies = configuration.GetList(Key, ParseNetwork);
        if (knownProxies.Length == 0)
        {
            return app;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedPrefix,
            ForwardLimit = 8,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in knownProxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        return app.UseForwardedHeaders(options);
    }

    private static IPNetwork ParseNetwork(IConfigurationSection setting)
    {
        if (IPNetwork.TryParse(setting.Value, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(setting.Value, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new ConfigurationException($"{setting.Path} must be an address such as 10.0.0.5, or a network such as 10.0.0.0/24.");
    }
}
