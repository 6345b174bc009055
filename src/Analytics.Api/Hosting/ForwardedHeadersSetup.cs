using System.Net;
using System.Net.Sockets;
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
    // ASP.NET Core's own setting, ASPNETCORE_FORWARDEDHEADERS_ENABLED in the environment.
    private const string EnabledKey = "ForwardedHeaders_Enabled";

    // The setting's values are addresses, or networks in CIDR notation.
    public static IApplicationBuilder UseKnownProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        if (string.Equals(configuration[EnabledKey], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"{EnabledKey} would believe everybody: leave it out, and name the proxies in {SettingKeys.KnownProxies}:0.");
        }

        var knownProxies = configuration.GetList(SettingKeys.KnownProxies, ParseNetwork);
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
            return !IsWiderThanPrivate(network)
                ? network
                : throw new ConfigurationException(
                    $"{setting.Path} would believe everybody: name the proxies' addresses, or their own network such as 10.0.0.0/24.");
        }

        return IPAddress.TryParse(setting.Value, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new ConfigurationException($"{setting.Path} must be an address such as 10.0.0.5, or a network such as 10.0.0.0/24.");
    }

    // The widest private networks are 10.0.0.0/8 and fc00::/7. A network of IPv6 can also contain all addresses of IPv4.
    private static bool IsWiderThanPrivate(IPNetwork network)
    {
        const int MinIPv4Prefix = 8;
        const int MinIPv6Prefix = 7;
        const int MappedPrefix = 96;
        return network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            ? network.PrefixLength < MinIPv4Prefix
            : network.PrefixLength < MinIPv6Prefix
                || (network.PrefixLength < MappedPrefix + MinIPv4Prefix
                    && (network.BaseAddress.IsIPv4MappedToIPv6 || network.Contains(IPAddress.Any.MapToIPv6())));
    }
}
