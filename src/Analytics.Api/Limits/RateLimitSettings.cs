using Analytics.Infrastructure.Settings;

namespace Analytics.Api.Limits;

/// <summary>How many requests are answered in a minute.</summary>
public sealed record RateLimitSettings
{
    internal const int DefaultReads = 1_200;

    private const string EnabledKey = "RateLimit:Enabled";
    private const int Most = 100_000_000;

    /// <summary><c>RateLimit:Enabled</c>; true unless set.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>RateLimit:ReadsPerMinute</c>: of one caller, GET and HEAD.</summary>
    public required int ReadsPerMinute { get; init; }

    /// <summary><c>RateLimit:WritesPerMinute</c>: of one caller, everything else.</summary>
    public required int WritesPerMinute { get; init; }

    /// <summary><c>RateLimit:RequestsWithoutTokenPerMinute</c>: of one address, without a valid token.</summary>
    public required int RequestsWithoutTokenPerMinute { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    public static RateLimitSettings From(IConfiguration configuration) => new()
    {
        Enabled = EnabledFrom(configuration),
        ReadsPerMinute = PerMinute(configuration, "RateLimit:ReadsPerMinute", DefaultReads),
        WritesPerMinute = PerMinute(configuration, "RateLimit:WritesPerMinute", 120),
        RequestsWithoutTokenPerMinute = PerMinute(configuration, "RateLimit:RequestsWithoutTokenPerMinute", 60),
    };

    private static bool EnabledFrom(IConfiguration configuration)
    {
        if (configuration[EnabledKey] is not { Length: > 0 } given)
        {
            return true;
        }

        return bool.TryParse(given, out var enabled) ? enabled : throw new SettingException($"{EnabledKey} must be true or false.");
    }

    private static int PerMinute(IConfiguration configuration, string key, int unset) =>
        WholeNumber.From(configuration, key, unset, least: 1, Most, "requests");
}
