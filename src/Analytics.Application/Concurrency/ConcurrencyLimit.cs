using System.Threading.RateLimiting;

namespace Analytics.Application.Concurrency;

public sealed record ConcurrencyLimit(int PermitLimit, int QueueLimit)
{
    internal ConcurrencyLimit ShareOfOrganisation => new(OrganisationShare.Of(PermitLimit), OrganisationShare.Of(QueueLimit));

    internal ConcurrencyLimiterOptions ToOptions() =>
        new() { PermitLimit = PermitLimit, QueueLimit = QueueLimit, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    internal ConcurrencyLimiter ToLimiter() => new(ToOptions());
}
