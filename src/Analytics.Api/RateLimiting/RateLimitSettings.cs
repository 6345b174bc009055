using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.RateLimiting;

/// <summary>How many requests are answered in a minute.</summary>
public sealed record RateLimitSettings
{
    internal const int DefaultReads = 1_200;

    private const string EnabledKey = "RateLimit:Enabled";
    private const int MaxRequestsPerMinute = 100_000_000;

    /// <summary><c>RateLimit:Enabled</c>; true unless set.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>RateLimit:ReadsPerMinute</c>: of one caller, GET and HEAD.</summary>
    public required int ReadsPerMinute { get; init; }

    /// <summary><c>RateLimit:WritesPerMinute</c>: of one caller, everything else.</summary>
    public required int WritesPerMinute { get; init; }

    /// <summary><c>RateLimit:AnonymousRequestsPerMinute</c>: of one address, without a valid token.</summary>
    public required int AnonymousRequestsPerMinute { get; init; }

    /// <summary>Reads and checks the settings.</summary>
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
