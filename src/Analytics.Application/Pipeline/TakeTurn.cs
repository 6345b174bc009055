using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>
/// Lets a change wait for those of its organisation before it. Only a member gets this far: a stranger who had to wait here
/// would learn that there is such an organisation, and would keep its members from their places.
/// </summary>
internal sealed class TakeTurn<TRequest, TResponse>(DatabasePlaces places, CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationChange
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var turn = await places.TakeForWriteAsync(organisation.Id, cancellationToken);
        return await next();
    }
}
