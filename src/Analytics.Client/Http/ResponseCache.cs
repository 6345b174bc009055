using System.Net.Http.Headers;

namespace Analytics.Client;

internal sealed record CachedResponse(EntityTagHeaderValue ETag, object Data);

/// <summary>The most recently used responses, for 304s.</summary>
internal sealed class ResponseCache
{
    public const int MaxEntries = 50;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<ApiRequest, CachedResponse> _entries = [];

    public CachedResponse? Find(ApiRequest request)
    {
        lock (_lock)
        {
            if (_entries.Remove(request, out var response))
            {
                _entries.Add(request, response);
            }

            return response;
        }
    }

    public void Set(ApiRequest request, CachedResponse response)
    {
        lock (_lock)
        {
            _entries.Remove(request);
            _entries.Add(request, response);
            if (_entries.Count > MaxEntries)
            {
                _entries.RemoveAt(0);
            }
        }
    }
}
