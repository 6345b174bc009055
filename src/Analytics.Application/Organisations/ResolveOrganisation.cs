using System.Data.Common;
using Analytics.Domain;
using Dapper;
using MediatR;

namespace Analytics.Application.Organisations;

/// <summary>
/// Finds the organisation that the request names, if its caller may know of it. An unknown handle, an inactive
/// organisation and a stranger give the same 404, from the same statement.
/// </summary>
internal sealed class ResolveOrganisation<TRequest, TResponse>(DbDataSource database, CurrentOrganisation current) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        current.Set(await Find(request.Scope, cancellationToken) ?? throw new OrganisationNotFoundException());
        return await next();
    }

    private async Task<ResolvedOrganisation?> Find(OrganisationScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ResolvedOrganisation>(new CommandDefinition(
            ResolveOrganisationSql.ByHandle, new { scope.UserId, scope.Handle, Words.Active }, cancellationToken: cancellationToken));
    }
}
