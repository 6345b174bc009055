using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

internal sealed class WriteAuthorizationBehavior<TRequest, TResponse>(CurrentOrganisation organisation)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationCommand
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        WriteAccess.IsGranted(organisation.Role, request.TokenScopes) ? next() : throw new ForbiddenException();
}

public sealed class ForbiddenException() : Exception("You may not write to this organization.");
