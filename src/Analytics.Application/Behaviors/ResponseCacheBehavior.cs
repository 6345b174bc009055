using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Returns a cached response for a repeated query, and computes it once for concurrent requests. The key contains the version, which
/// this request has just read from the database, so a response is never stale.
/// </summary>
internal sealed class ResponseCacheBehavior<TRequest, TResponse>(
    ResponseCache cache, SharedComputations computations, CurrentOrganisation organisation)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationQuery
    where TResponse : Versioned
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!request.IsCacheable)
        {
            return await ReadAsync(next);
        }

        var cacheKey = new ResponseCacheKey(organisation.Id, organisation.Version, request.Scope.Product, request.CacheKey);
        if (cache.TryGetValue(cacheKey, out TResponse? cached) && cached is not null)
        {
            AnalyticsMetrics.RecordResponse(ResponseSource.Cache);
            return cached;
        }

        // Streams wait in a queue of their own, which must not delay other requests.
        var computationKey = new SharedComputationKey(cacheKey, request.IsStreaming);
        var (response, isShared) = await computations.GetAsync(computationKey, ComputeAsync, cancellationToken);
        if (isShared)
        {
            AnalyticsMetrics.RecordResponse(ResponseSource.Cache);
        }

        return (TResponse)response;

        async Task<Versioned> ComputeAsync()
        {
            var computed = await ReadAsync(next);
            cache.Add(cacheKey with { Version = computed.Version }, computed);
            return computed;
        }
    }

    private static async Task<TResponse> ReadAsync(RequestHandlerDelegate<TResponse> next)
    {
        var response = await next();
        AnalyticsMetrics.RecordResponse(ResponseSource.Database);
        return response;
    }
}

internal sealed record ResponseCacheKey(long OrganisationId, OrganisationVersion Version, string Product, string Query);

/// <summary>Cached responses; the least recently used are evicted.</summary>
/// <param name="sizeLimit">The number of responses; one with a series or groups counts once for each row.</param>
internal sealed class ResponseCache(int sizeLimit) : MemoryCache(
    new MemoryCacheOptions { SizeLimit = sizeLimit, CompactionPercentage = Math.Max(0.05, 1.0 / sizeLimit) })
{
    // The response compressed with Brotli and with gzip takes together about a quarter of its JSON. A single row is not compressed.
    private const int RowsPerCompressedRow = 4;

    // A response that never fits must not evict others each time that it is read.
    public void Add(ResponseCacheKey key, Versioned response)
    {
        var size = response.CacheSize + (response.CacheSize / RowsPerCompressedRow);
        if (size <= sizeLimit)
        {
            this.Set(key, response, new MemoryCacheEntryOptions { Size = size });
        }
    }
}
