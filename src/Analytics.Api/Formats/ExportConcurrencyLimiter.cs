using Analytics.Api.RateLimiting;

namespace Analytics.Api.Formats;

/// <summary>How many exports may run: each holds a connection for as long as its reader takes.</summary>
public sealed class ExportConcurrencyLimiter() : PerUserConcurrencyLimiter(MaxPerUser, MaxTotal)
{
    /// <summary>The most of one caller, over all organisations: one who reads slowly must not have them all.</summary>
    public const int MaxPerUser = 3;

    /// <summary>The most of this process; questions keep the other connections.</summary>
    public const int MaxTotal = 8;
}
