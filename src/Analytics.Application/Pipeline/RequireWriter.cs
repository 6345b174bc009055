using Analytics.Application.Organisations;
using Analytics.Domain.Organisations;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>Stops a change by a member that may only read.</summary>
internal sealed class RequireWriter<TRequest, TResponse>(CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationChange
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        WriteAccess.IsGranted(organisation.Role, request.TokenScopes) ? next() : throw new WriteForbiddenException();
}

/// <summary>The caller is a member, and may not write.</summary>
public sealed class WriteForbiddenException() : Exception("You may not write to this organization.");
