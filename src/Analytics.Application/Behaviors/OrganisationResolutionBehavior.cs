using System.Collections.Concurrent;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Finds the request's organisation, of which the user must be a member. An unknown handle, an inactive organisation and a
/// non-member cause the same statements and the same 404.
/// </summary>
internal sealed class OrganisationResolutionBehavior<TRequest, TResponse>(
    DbDataSource database,
    DatabaseConcurrencyLimiter limiter,
    RequestDeadline deadline,
    HandleCache handleCache,
    CurrentOrganisation current)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    private const long NonexistentId = -1;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        current.Set(await FindAsync(request, cancellationToken) ?? throw new OrganisationNotFoundException());
        return await next();
    }

    private async Task<ResolvedOrganisation?> FindAsync(TRequest request, CancellationToken cancellationToken)
    {
        using var lease = request is IOrganisationQuery { IsStreaming: true }
            ? await limiter.AcquireStreamLookupAsync(cancellationToken)
            : await limiter.AcquireLookupAsync(cancellationToken);
        deadline.ThrowIfTooLateToStart();
        return await FindAsync(request.Scope, cancellationToken);
    }

    private async Task<ResolvedOrganisation?> FindAsync(OrganisationScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var cachedId = handleCache.GetValueOrDefault(scope.Handle, NonexistentId);
        if (await FindAsync(connection, scope, cachedId, cancellationToken) is { } resolvedFromCache)
        {
            return resolvedFromCache;
        }

        // Also reads with the nonexistent id: otherwise the response time would reveal whether the handle exists.
        var id = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            OrganisationSql.SelectIdByHandle, new { scope.Handle }, cancellationToken: cancellationToken)) ?? NonexistentId;
        var resolved = await FindAsync(connection, scope, id, cancellationToken);
        if (resolved is not null)
        {
            handleCache[scope.Handle] = id;
        }

        return resolved;
    }

    private static Task<ResolvedOrganisation?> FindAsync(
        DbConnection connection, OrganisationScope scope, long id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ResolvedOrganisation>(new CommandDefinition(
            OrganisationResolutionSql.SelectForMember,
            new { OrganisationId = id, scope.Handle, scope.UserId, StatusNames.Active },
            cancellationToken: cancellationToken));
}

/// <summary>
/// The id of each handle that a member has used. A cached id saves the lookup by handle; the next statement checks it, so an
/// outdated id does no harm. Only existing handles are cached, so clients cannot fill the memory.
/// </summary>
internal sealed class HandleCache() : ConcurrentDictionary<string, long>(StringComparer.Ordinal);
