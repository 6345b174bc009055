using Analytics.Api.RateLimiting;

namespace Analytics.Api.Formats;

/// <summary>Limits exports, because each holds a database connection until its client has received the last row.</summary>
public sealed class ExportConcurrencyLimiter() : PerUserConcurrencyLimiter(MaxPerUser, MaxTotal)
{
    public const int MaxPerUser = 3;

    // Leaves the other connections to queries.
    public const int MaxTotal = 8;
}
