using System.Security.Authentication;
using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Analytics.Api.Hosting;

/// <summary>Validates the names in Kestrel's endpoints. Kestrel takes its default for those that it does not know.</summary>
internal static class EndpointSettings
{
    private static readonly string[] Protocols = [.. Enum.GetNames<HttpProtocols>().Except([nameof(HttpProtocols.None)])];
    private static readonly string[] TlsVersions = [.. Enum.GetNames<SslProtocols>()];
    private static readonly string[] ClientCertificateModes = [.. Enum.GetNames<ClientCertificateMode>()];

    /// <summary>The endpoints, and their hosts that have settings of their own.</summary>
    public static IEnumerable<IConfigurationSection> GetEndpoints(IConfigurationSection kestrel) => kestrel.GetSection("Endpoints")
        .GetChildren()
        .Append(kestrel.GetSection("EndpointDefaults"))
        .SelectMany(endpoint => endpoint.GetSection("Sni").GetChildren().Prepend(endpoint));

    public static void Validate(IConfiguration configuration)
    {
        foreach (var endpoint in GetEndpoints(configuration.GetSection("Kestrel")))
        {
            RequireOneOf(endpoint.GetSection("Protocols"), Protocols);
            RequireOneOf(endpoint.GetSection("ClientCertificateMode"), ClientCertificateModes);
            foreach (var version in endpoint.GetSection("SslProtocols").GetChildren())
            {
                RequireOneOf(version, TlsVersions);
            }
        }
    }

    // Several names, separated by commas, are the sum of their values.
    private static void RequireOneOf(IConfigurationSection setting, string[] names)
    {
        if (setting.Value is { Length: > 0 } value
            && !value.Split(',').All(name => names.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase)))
        {
            throw new ConfigurationException($"{setting.Path} must be one of {string.Join(", ", names)}.");
        }
    }
}
