using System.Threading.RateLimiting;

namespace Analytics.Api.Formats;

/// <summary>How many exports may run: each holds a connection for as long as its reader takes. A place is free again once its lease is disposed of.</summary>
public sealed class ExportLimits : IDisposable
{
    /// <summary>The most of this process; questions keep the other connections.</summary>
    public const int Most = 8;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = Most, QueueLimit = 0 });

    /// <summary>Takes a place, if one is free.</summary>
    public RateLimitLease Take() => _limiter.AttemptAcquire();

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
