using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Finds the request's organisation, of which the user must be a member. An unknown handle, an inactive organisation and a
/// non-member cause the same statements and the same 404.
/// </summary>
internal sealed class OrganisationResolutionBehavior<TRequest, TResponse>(
    OrganisationLookups lookups, DatabaseConcurrencyLimiter limiter, CurrentOrganisation current)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        current.Set(await FindAsync(request, cancellationToken) ?? throw new OrganisationNotFoundException());
        return await next();
    }

    private async Task<ResolvedOrganisation?> FindAsync(TRequest request, CancellationToken cancellationToken)
    {
        if (request is IOrganisationQuery { IsStreaming: true })
        {
            return await lookups.OfStreams.FindAsync(request.Scope, cancellationToken);
        }

        using var lease = limiter.AdmitLookup();
        return await lookups.OfRequests.FindAsync(request.Scope, cancellationToken);
    }
}
