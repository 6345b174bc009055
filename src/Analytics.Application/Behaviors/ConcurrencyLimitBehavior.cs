using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Behaviors;

/// <summary>Lets a request to the database when there is a place for it; one that finds too many before it sends no statement.</summary>
internal sealed class ConcurrencyLimitBehavior<TRequest, TResponse>(DatabaseConcurrencyLimiter limiter) : IPipelineBehavior<TRequest, TResponse>
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
