using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly.Timeout;

namespace Analytics.Client;

/// <summary>A request's address and headers, which identify its response.</summary>
internal sealed record ApiRequest(string Path, string Query, string? Organisation, string? Product);

/// <summary>Sends requests with a token, and turns everything that goes wrong into an <see cref="AnalyticsException"/>.</summary>
internal sealed class ApiConnection(HttpClient http, AnalyticsClientOptions options, ResponseCache cache)
{
    private readonly string _root = $"{options.BaseAddress!.AbsoluteUri.TrimEnd('/')}/api/v2/platform/";

    public AnalyticsClientOptions Options => options;

    // The data of a response; the same object as before if the service says that it has not changed.
    public async Task<T> GetAsync<T>(ApiRequest request, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        var cached = cache.Find(request);
        using var response = await SendAsync(
            request,
            message =>
            {
                if (cached is not null)
                {
                    message.Headers.IfNoneMatch.Add(cached.ETag);
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && cached is not null)
        {
            return (T)cached.Data;
        }

        var data = await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
        if (response.Headers.ETag is { } etag)
        {
            cache.Set(request, new CachedResponse(etag, data));
        }

        return data;
    }

    public async Task<T> PostAsync<T>(
        ApiRequest request, ReadOnlyMemory<byte> json, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(
            request,
            message =>
            {
                message.Method = HttpMethod.Post;
                message.Content = new ReadOnlyMemoryContent(json);
                message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            },
            cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    // A response whose body is read while it arrives.
    public Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, message => RequestMarks.Set(message, isStreamed: true, isLive: false), cancellationToken);

    // The same without retries.
    public Task<HttpResponseMessage> OpenLiveAsync(ApiRequest request, string? lastEventId, CancellationToken cancellationToken) =>
        SendAsync(
            request,
            message =>
            {
                RequestMarks.Set(message, isStreamed: true, isLive: true);
                if (lastEventId is not null)
                {
                    message.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
                }
            },
            cancellationToken);

    public async Task<Stream> ReadStreamAsync(HttpResponseMessage response, TimeSpan maxSilence, CancellationToken cancellationToken) =>
        new ResponseStream(
            await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), maxSilence, options.TimeProvider);

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)).GetData();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw AnalyticsException.Unreadable(exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        ApiRequest request, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        var token = await GetTokenAsync(rejectedToken: null, cancellationToken).ConfigureAwait(false);
        var response = await SendAsync(request, prepare, token, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized && options.TokenProvider is not null)
        {
            response.Dispose();
            token = await GetTokenAsync(token, cancellationToken).ConfigureAwait(false);
            response = await SendAsync(request, prepare, token, cancellationToken).ConfigureAwait(false);
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
        {
            return response;
        }

        using (response)
        {
            throw await AnalyticsException.FromResponseAsync(response, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        ApiRequest request, Action<HttpRequestMessage> prepare, string token, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{_root}{request.Path}{request.Query}");
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        AddHeader(message, "Org-Handle", request.Organisation);
        AddHeader(message, "Product-Id", request.Product);
        prepare(message);
        try
        {
            return await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw AnalyticsException.Unreachable(
                $"The service did not respond within {options.Timeout.TotalSeconds} seconds.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw AnalyticsException.Unreachable("The service cannot be reached.", exception);
        }
    }

    private async ValueTask<string> GetTokenAsync(string? rejectedToken, CancellationToken cancellationToken) =>
        options.TokenProvider is { } provider
            ? await provider(rejectedToken, cancellationToken).ConfigureAwait(false)
            : options.Token!;

    private static void AddHeader(HttpRequestMessage message, string name, string? value)
    {
        if (value is not null)
        {
            message.Headers.Add(name, value);
        }
    }
}
