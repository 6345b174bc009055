namespace Analytics.Infrastructure.Configuration;

/// <summary>An address on which the service listens, and the setting that names it.</summary>
public sealed class ListenAddress
{
    public const string UrlsKey = "Urls";

    private const string DefaultUrl = "http://127.0.0.1:8000";
    private const string EndpointsKey = "Kestrel:Endpoints";
    private const string HttpPortsKey = "HTTP_PORTS";
    private const string HttpsPortsKey = "HTTPS_PORTS";
    private const string UnixHost = "://unix:";

    private ListenAddress(string key, string url, Uri uri, string? socketPath)
    {
        Key = key;
        Url = url;
        Uri = uri;
        SocketPath = socketPath;
    }

    public string Key { get; }

    /// <summary>As it is configured, such as <c>http://*:8000</c> or <c>http://unix:/run/analytics.sock</c>.</summary>
    public string Url { get; }

    /// <summary>The same for a client on this machine: a wildcard or a socket has the host <c>localhost</c>.</summary>
    public Uri Uri { get; }

    /// <summary>The path of a Unix socket, or null.</summary>
    public string? SocketPath { get; }

    /// <summary>All addresses. ASP.NET Core has the same order of precedence, but another default.</summary>
    public static IReadOnlyList<ListenAddress> From(IConfiguration configuration)
    {
        ListenAddress[] endpoints =
            [.. configuration.GetSection(EndpointsKey).GetChildren().Select(endpoint => Parse($"{endpoint.Path}:Url", endpoint["Url"]))];
        if (endpoints.Length > 0)
        {
            return endpoints;
        }

        ListenAddress[] urls = [.. Split(configuration[UrlsKey]).Select(url => Parse(UrlsKey, url))];
        if (urls.Length > 0)
        {
            return urls;
        }

        ListenAddress[] ports = [.. OfPorts(HttpPortsKey, Uri.UriSchemeHttp), .. OfPorts(HttpsPortsKey, Uri.UriSchemeHttps)];
        return ports.Length > 0 ? ports : [Parse(UrlsKey, DefaultUrl)];

        IEnumerable<ListenAddress> OfPorts(string key, string scheme) =>
            Split(configuration[key]).Select(port => Parse(key, $"{scheme}://*:{ParsePort(key, port)}"));
    }

    public static ListenAddress Parse(string key, string? url)
    {
        url ??= "";
        var unixHost = url.IndexOf($"{UnixHost}/", StringComparison.OrdinalIgnoreCase);
        var localUrl = unixHost < 0
            ? url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
            : $"{url[..unixHost]}://localhost";
        return Uri.TryCreate(localUrl, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.AbsoluteUri == $"{uri.GetLeftPart(UriPartial.Authority)}/"
            && uri.UserInfo.Length == 0
                ? new ListenAddress(key, url, uri, unixHost < 0 ? null : url[(unixHost + UnixHost.Length)..])
                : throw new ConfigurationException($"{key} must be an address such as http://127.0.0.1:8000, without a path.");
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ushort ParsePort(string key, string port) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ConfigurationException($"{key} must be port numbers such as 8000, separated by semicolons.");
}
