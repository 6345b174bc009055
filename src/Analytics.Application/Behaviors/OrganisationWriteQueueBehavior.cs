using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Lets a change wait for those of its organisation before it. Only a member gets this far: a stranger who had to wait here
/// would learn that there is such an organisation, and would keep its members from their places.
/// </summary>
internal sealed class OrganisationWriteQueueBehavior<TRequest, TResponse>(DatabaseConcurrencyLimiter limiter, CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationCommand
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var lease = await limiter.AcquireWriteAsync(organisation.Id, cancellationToken);
        return await next();
    }
}
