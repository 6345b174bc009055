using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using NodaTime;

namespace Analytics.Application.Behaviors;

/// <summary>Sets the response's ETag. If the client sent it in <c>If-None-Match</c>, the handler does not run.</summary>
internal sealed class ETagBehavior<TRequest, TResponse>(CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationQuery
    where TResponse : Versioned, new()
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var etag = CreateETag(request, organisation.Version);
        if (request.Scope.IfNoneMatch.Contains(etag))
        {
            AnalyticsMetrics.RecordResponse(ResponseSource.NotModified);
            return new TResponse { Version = organisation.Version, ETag = etag };
        }

        // A write may be committed between resolution and the read, so the ETag is of the version that was read with the data.
        // The copy below shares the serialised body with the cached response.
        Versioned response = await next();
        return (TResponse)(response with
        {
            ETag = response.Version == organisation.Version ? etag : CreateETag(request, response.Version),
        });
    }

    private string CreateETag(TRequest request, OrganisationVersion version) =>
        ETagGenerator.Create(organisation.Id, version, request.Scope.Product, request.CacheKey, request.Representation);
}

internal static class ETagGenerator
{
    // Increases with every release that writes other bytes for the same version and query.
    private const int ResponseShapeVersion = 1;

    // A strong ETag: equal for responses that are equal byte for byte.
    public static string Create(long organisationId, OrganisationVersion version, string product, string cacheKey, string representation)
    {
        // No part can contain the separator: ids and revisions are numbers, the other parts have restricted alphabets.
        var parts = string.Join(
            '\n', organisationId, version.Revision, version.Stamp, product, cacheKey, representation, MetricDefinitions.Version,
            ResponseShapeVersion,
            DateTimeZoneProviders.Tzdb.VersionId);
        return $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(parts)).AsSpan(0, 18))}\"";
    }
}
