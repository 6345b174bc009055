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
    private const string Sql =
        """
        SELECT o.id       AS Id,
               v.revision AS Revision,
               v.stamp    AS Stamp
          FROM organisations o
          JOIN organisation_versions v ON v.organisation_id = o.id
          JOIN members m               ON m.organisation_id = o.id AND m.user_id = @UserId
         WHERE o.handle = @Handle
           AND LOWER(TRIM(o.status)) = @Active
        """;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        current.Set(await Find(request.Scope, cancellationToken) ?? throw new OrganisationNotFoundException());
        return await next();
    }

    private async Task<ResolvedOrganisation?> Find(OrganisationScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ResolvedOrganisation>(new CommandDefinition(
            Sql, new { scope.UserId, scope.Handle, Words.Active }, cancellationToken: cancellationToken));
    }
}
