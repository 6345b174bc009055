using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Behaviors;

/// <summary>Labels each answer with its tag, and spares the numbers' statement when the caller already holds the answer.</summary>
internal sealed class ETagBehavior<TRequest, TResponse>(CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuery
    where TResponse : IVersioned<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var etag = CreateETag(request, organisation.Version);
        if (request.Scope.IfNoneMatch.Contains(etag))
        {
            AnalyticsMetrics.RecordResponse(ResponseSource.NotModified);
            return TResponse.NotModified(organisation.Version, etag);
        }

        // A write may have come between: the tag names the version that the numbers are of, not the one that was resolved.
        var response = await next();
        return response.WithETag(response.Version == organisation.Version ? etag : CreateETag(request, response.Version));
    }

    private string CreateETag(TRequest request, OrganisationVersion version) =>
        ETagGenerator.Create(organisation.Id, version, request.Scope.Product, request.CacheKey, request.Representation);
}
