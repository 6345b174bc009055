using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Returns a cached response for a repeated query. The key contains the version, which this request has just read from the
/// database, so a cached response is never stale.
/// </summary>
internal sealed class ResponseCacheBehavior<TRequest, TResponse>(ResponseCache cache, CurrentOrganisation organisation)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationQuery
    where TResponse : Versioned
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var cacheKey = new ResponseCacheKey(organisation.Id, organisation.Version, request.Scope.Product, request.CacheKey);
        if (request.IsCacheable && cache.TryGetValue(cacheKey, out TResponse? cached) && cached is not null)
        {
            AnalyticsMetrics.RecordResponse(ResponseSource.Cache);
            return cached;
        }

        var response = await next();
        AnalyticsMetrics.RecordResponse(ResponseSource.Database);
        if (request.IsCacheable)
        {
            cache.Add(cacheKey with { Version = response.Version }, response);
        }

        return response;
    }
}

internal sealed record ResponseCacheKey(long OrganisationId, OrganisationVersion Version, string Product, string Query);

/// <summary>Cached responses; the least recently used are evicted.</summary>
/// <param name="sizeLimit">The number of responses; one with a series or groups counts once for each row.</param>
internal sealed class ResponseCache(int sizeLimit) : MemoryCache(
    new MemoryCacheOptions { SizeLimit = sizeLimit, CompactionPercentage = Math.Max(0.05, 1.0 / sizeLimit) })
{
    // A response that never fits must not evict others each time that it is read.
    public void Add(ResponseCacheKey key, Versioned response)
    {
        if (response.CacheSize <= sizeLimit)
        {
            this.Set(key, response, new MemoryCacheEntryOptions { Size = response.CacheSize });
        }
    }
}
