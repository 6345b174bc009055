using System.IO.Compression;
using System.Net;
using System.Text;

namespace Analytics.FunctionalTests.Support;

/// <summary>Requests over HTTP/1.1 whose bodies are decompressed only when they are read.</summary>
internal static class Encoded
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });

    public static async Task<EncodedReply> SendEncodedAsync(
        this AnalyticsService service, AnalyticsRequest request, string? acceptEncoding, string? ifNoneMatch = null, byte[]? body = null)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(service.Address, request.Target));
        message.Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new("application/x-ndjson") } };
        foreach (var (name, value) in request.AllHeaders
            .Concat(acceptEncoding is null ? [] : [("Accept-Encoding", acceptEncoding)])
            .Concat(ifNoneMatch is null ? [] : [("If-None-Match", ifNoneMatch)]))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(message);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated);
        return new EncodedReply(
            (int)response.StatusCode,
            headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsByteArrayAsync());
    }

    public static Stream Decompress(Stream body, string? encoding) => encoding switch
    {
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        _ => body,
    };
}

/// <summary>One response, its body as sent.</summary>
internal sealed record EncodedReply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text
    {
        get
        {
            using var reader = new StreamReader(Encoded.Decompress(new MemoryStream(Body), this["Content-Encoding"]), Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }

    // Those that GET and HEAD share. A body of unknown length has chunks, or the length 0 if there is none.
    public IEnumerable<KeyValuePair<string, string>> SharedHeaders => Headers
        .Where(header => header.Key.ToUpperInvariant() is not ("DATE" or "X-REQUEST-ID" or "TRANSFER-ENCODING"))
        .OrderBy(header => header.Key, StringComparer.Ordinal);

    public string? this[string name] => Headers.GetValueOrDefault(name);
}
