using System.Reflection;

namespace Analytics.Infrastructure.Configuration;

/// <summary>The key of every setting of the service and its commands.</summary>
public static class SettingKeys
{
    public const string ConnectionString = "ConnectionStrings:Analytics";
    public const string Engine = "Database:Engine";
    public const string MaxConcurrentReads = "Database:MaxConcurrentReads";
    public const string ReadQueueLimit = "Database:ReadQueueLimit";
    public const string MaxConcurrentWrites = "Database:MaxConcurrentWrites";
    public const string WriteQueueLimit = "Database:WriteQueueLimit";
    public const string ConnectSeconds = "Timeouts:ConnectSeconds";
    public const string CommandSeconds = "Timeouts:CommandSeconds";
    public const string RequestSeconds = "Timeouts:RequestSeconds";
    public const string MaxCacheEntries = "ResponseCache:MaxEntries";

    public const string SigningKeys = "Jwt:SigningKeys";
    public const string Authority = "Jwt:Authority";
    public const string Issuer = "Jwt:Issuer";
    public const string Audience = "Jwt:Audience";

    public const string PathBase = "PathBase";
    public const string CorsOrigins = "Cors:Origins";
    public const string KnownProxies = "ForwardedHeaders:KnownProxies";
    public const string RateLimitEnabled = "RateLimit:Enabled";
    public const string ReadsPerMinute = "RateLimit:ReadsPerMinute";
    public const string WritesPerMinute = "RateLimit:WritesPerMinute";
    public const string AnonymousRequestsPerMinute = "RateLimit:AnonymousRequestsPerMinute";
    public const string DrainSeconds = "Shutdown:DrainSeconds";

    public const string SpoolFolder = "Exports:SpoolFolder";
    public const string MaxSpoolBytes = "Exports:MaxSpoolBytes";
    public const string MaxConcurrentExports = "Exports:MaxConcurrent";
    public const string MaxDownloadMinutes = "Exports:MaxDownloadMinutes";

    public const string PageEnabled = "Page:Enabled";
    public const string PageEmbedders = "Page:Embedders";
    public const string PageTaskLink = "Page:TaskLink";

    public const string AccessLogMode = "AccessLog:Mode";
    public const string AccessLogSlowMilliseconds = "AccessLog:SlowMilliseconds";

    public const string LiveDemo = "Demo:Live";

    public const string AutoMapperLicenseKey = "AutoMapper:LicenseKey";

    /// <summary>The settings that are lists: their values have a further part, such as <c>Jwt:SigningKeys:0</c>.</summary>
    internal static readonly IReadOnlyList<string> Lists = [SigningKeys, CorsOrigins, KnownProxies, PageEmbedders];

    public static IReadOnlyList<string> All { get; } =
        [.. typeof(SettingKeys).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];
}
