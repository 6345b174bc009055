using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.RateLimiting;

/// <summary>The limits of requests per minute.</summary>
public sealed record RateLimitSettings
{
    internal const int DefaultReads = 1_200;

    private const string EnabledKey = "RateLimit:Enabled";
    private const int MaxRequestsPerMinute = 100_000_000;

    /// <summary><c>RateLimit:Enabled</c>: true by default.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>RateLimit:ReadsPerMinute</c>: GET and HEAD, per user.</summary>
    public required int ReadsPerMinute { get; init; }

    /// <summary><c>RateLimit:WritesPerMinute</c>: all other methods, per user.</summary>
    public required int WritesPerMinute { get; init; }

    /// <summary><c>RateLimit:AnonymousRequestsPerMinute</c>: requests without a valid token, per address.</summary>
    public required int AnonymousRequestsPerMinute { get; init; }

    public static RateLimitSettings From(IConfiguration configuration) => new()
    {
        Enabled = ReadEnabled(configuration),
        ReadsPerMinute = ReadPerMinute(configuration, "RateLimit:ReadsPerMinute", DefaultReads),
        WritesPerMinute = ReadPerMinute(configuration, "RateLimit:WritesPerMinute", 120),
        AnonymousRequestsPerMinute = ReadPerMinute(configuration, "RateLimit:AnonymousRequestsPerMinute", 60),
    };

    private static bool ReadEnabled(IConfiguration configuration)
    {
        if (configuration[EnabledKey] is not { Length: > 0 } value)
        {
            return true;
        }

        return bool.TryParse(value, out var enabled) ? enabled : throw new ConfigurationException($"{EnabledKey} must be true or false.");
    }

    private static int ReadPerMinute(IConfiguration configuration, string key, int defaultValue) =>
        SettingReader.GetInt32(configuration, key, defaultValue, min: 1, MaxRequestsPerMinute, "requests");
}
