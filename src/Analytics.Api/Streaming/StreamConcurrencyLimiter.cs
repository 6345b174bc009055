using Analytics.Api.RateLimiting;

namespace Analytics.Api.Streaming;

/// <summary>How many streams may be open.</summary>
public sealed class StreamConcurrencyLimiter() : PerUserConcurrencyLimiter(MaxPerUser, MaxTotal)
{
    /// <summary>The most streams of one caller, over all organisations.</summary>
    public const int MaxPerUser = 5;

    /// <summary>The most streams of this process.</summary>
    public const int MaxTotal = 5_000;
}
