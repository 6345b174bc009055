using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Acquires a permit for the handler; rejects the request if the queue is full. It runs after the organisation is resolved and
/// the user is authorized: an organisation has only a part of the permits and of the queue, and a non-member must neither fill
/// that part nor learn from a wait that the organisation exists.
/// </summary>
internal sealed class ConcurrencyLimitBehavior<TRequest, TResponse>(
    DatabaseConcurrencyLimiter limiter, RequestDeadline deadline, CurrentOrganisation organisation)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var lease = request switch
        {
            IOrganisationCommand => await limiter.AcquireWriteAsync(organisation.Id, cancellationToken),
            IOrganisationQuery { IsStreaming: true } => await limiter.AcquireStreamAsync(organisation.Id, cancellationToken),
            IOrganisationQuery { ReadsTasks: true } => await limiter.AcquireTaskReadAsync(organisation.Id, cancellationToken),
            _ => await limiter.AcquireReadAsync(organisation.Id, cancellationToken),
        };
        deadline.ThrowIfTooLateToStart();
        return await next();
    }
}
