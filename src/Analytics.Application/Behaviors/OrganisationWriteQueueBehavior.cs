using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Queues a command behind those of the same organisation. It runs after authorization: otherwise a non-member could learn
/// from the wait that the organisation exists, and could fill its queue.
/// </summary>
internal sealed class OrganisationWriteQueueBehavior<TRequest, TResponse>(
    DatabaseConcurrencyLimiter limiter, CurrentOrganisation organisation)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationCommand
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var organisationLease = await limiter.AcquireOrganisationWriteAsync(organisation.Id, cancellationToken);
        using var writeLease = await limiter.AcquireWriteAsync(cancellationToken);
        return await next();
    }
}
