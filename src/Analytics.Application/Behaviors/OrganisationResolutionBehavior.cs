using System.Collections.Concurrent;
using System.Data.Common;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Analytics.Domain;
using Dapper;
using MediatR;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Finds the organisation that the request names, if its caller may know of it. An unknown handle, an inactive
/// organisation and a stranger give the same 404, from the same statements.
/// </summary>
internal sealed class OrganisationResolutionBehavior<TRequest, TResponse>(DbDataSource database, DatabaseConcurrencyLimiter limiter, HandleCache handleCache, CurrentOrganisation current)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    /// <summary>Ids of organisations are not negative.</summary>
    private const long NonexistentId = -1;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        current.Set(await FindAsync(request, cancellationToken) ?? throw new OrganisationNotFoundException());
        return await next();
    }

    private async Task<ResolvedOrganisation?> FindAsync(TRequest request, CancellationToken cancellationToken)
    {
        // A question has its place by now. A change gets one among those of its organisation, which is not known yet.
        using var lease = request is IOrganisationQuery ? null : await limiter.AcquireLookupAsync(cancellationToken);
        return await FindAsync(request.Scope, cancellationToken);
    }

    private async Task<ResolvedOrganisation?> FindAsync(OrganisationScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FindAsync(connection, scope, handleCache.GetValueOrDefault(scope.Handle, NonexistentId), cancellationToken) is { } resolvedFromCache)
        {
            return resolvedFromCache;
        }

        // Also with the id of nobody: how long it takes must not tell whether the handle is somebody's.
        var id = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            OrganisationResolutionSql.SelectIdByHandle, new { scope.Handle }, cancellationToken: cancellationToken)) ?? NonexistentId;
        var resolved = await FindAsync(connection, scope, id, cancellationToken);
        if (resolved is not null)
        {
            handleCache[scope.Handle] = id;
        }

        return resolved;
    }

    private static Task<ResolvedOrganisation?> FindAsync(DbConnection connection, OrganisationScope scope, long id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ResolvedOrganisation>(new CommandDefinition(
            OrganisationResolutionSql.SelectForMember,
            new { OrganisationId = id, scope.Handle, scope.UserId, StatusNames.Active },
            cancellationToken: cancellationToken));
}

/// <summary>
/// Whose a handle was when one of its members asked last: a hint that spares a statement, and that the statement which
/// takes it checks again. It holds no handle but those of organisations.
/// </summary>
internal sealed class HandleCache() : ConcurrentDictionary<string, long>(StringComparer.Ordinal);
