using Analytics.Api.RateLimiting;

namespace Analytics.Api.Streaming;

public sealed class StreamConcurrencyLimiter() : PerUserConcurrencyLimiter(MaxPerUser, MaxTotal)
{
    public const int MaxPerUser = 5;
    public const int MaxTotal = 5_000;
}
