using Analytics.Application.Observability;
using Analytics.Application.Organisations;
using MediatR;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Behaviors;

/// <summary>
/// Answers a repeated question from memory. What is kept is kept under the version that its numbers are of, and what is
/// asked for is the version that this request's own statement has just seen: an answer from here is never stale.
/// </summary>
internal sealed class ResponseCacheBehavior<TRequest, TResponse>(ResponseCache cache, CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuery
    where TResponse : class, IVersioned<TResponse>
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

        var response = await ReadAsync(next);
        return cache.Set(cacheKey with { Version = response.Version }, response, new MemoryCacheEntryOptions { Size = response.CacheSize });
    }

    private static async Task<TResponse> ReadAsync(RequestHandlerDelegate<TResponse> next)
    {
        var response = await next();
        AnalyticsMetrics.RecordResponse(ResponseSource.Database);
        return response;
    }
}

/// <summary>What an answer answers.</summary>
internal sealed record ResponseCacheKey(long OrganisationId, OrganisationVersion Version, string Product, string Query);

/// <summary>The answers in memory; those that were asked for longest ago make room.</summary>
/// <param name="sizeLimit">How many are kept; one with a series or groups counts as one for each row.</param>
internal sealed class ResponseCache(int sizeLimit) : MemoryCache(new MemoryCacheOptions { SizeLimit = sizeLimit, CompactionPercentage = Math.Max(0.05, 1.0 / sizeLimit) });
