using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

/// <summary>Acquires a permit before the first statement; rejects the request if the queue is full.</summary>
internal sealed class ConcurrencyLimitBehavior<TRequest, TResponse>(DatabaseConcurrencyLimiter limiter)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var lease = request switch
        {
            IOrganisationQuery { IsStreaming: true } => await limiter.AcquireStreamAsync(cancellationToken),
            IOrganisationQuery => await limiter.AcquireReadAsync(cancellationToken),
            _ => limiter.AdmitWrite(),
        };
        return await next();
    }
}
