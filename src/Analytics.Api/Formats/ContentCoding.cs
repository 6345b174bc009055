using System.IO.Compression;

namespace Analytics.Api.Formats;

/// <summary>
/// A compression of response bodies, at the fastest level. Also over HTTPS: no response has a secret beside text that another site can
/// choose, because browsers add no credentials to that site's requests.
/// </summary>
internal sealed class ContentCoding(string name, string etagSuffix, byte[] emptyBody, Func<Stream, Stream> compress)
{
    /// <summary>The length above which a body is compressed.</summary>
    public const int MinLength = 1024;

    private static readonly ContentCoding Brotli =
        new("br", "-br", [0x06], body => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true));

    private static readonly ContentCoding Gzip = new(
        "gzip", "-gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        body => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true));

    private static readonly ContentCoding[] All = [Brotli, Gzip];

    /// <summary>As in <c>Accept-Encoding</c>.</summary>
    public string Name => name;

    /// <summary>Nothing, compressed: <see cref="GZipStream"/> writes not even a header then.</summary>
    public ReadOnlyMemory<byte> EmptyBody => emptyBody;

    /// <summary>The coding that the client prefers, and the first of several; null if it prefers an uncompressed body.</summary>
    public static ContentCoding? Negotiate(HttpRequest request) => Negotiate(request, All);

    /// <summary>Gzip, the coding of <see cref="Streaming.GzipEventBody"/>; null if the client prefers an uncompressed body.</summary>
    public static ContentCoding? NegotiateForEvents(HttpRequest request) => Negotiate(request, [Gzip]);

    /// <summary>What the ETag of the uncompressed response may be: the tag itself, or the tag without a suffix.</summary>
    public static IEnumerable<string> GetUncompressedETags(string etag) =>
        [etag, .. All.Where(coding => coding.HasTagged(etag)).Select(coding => coding.RemoveSuffix(etag))];

    /// <summary>Sets the response's headers, of which the ETag differs from that of the uncompressed response.</summary>
    public void SetHeaders(HttpResponse response)
    {
        response.Headers.ContentEncoding = name;
        if (response.Headers.ETag is [{ } etag])
        {
            response.Headers.ETag = AddSuffix(etag);
        }
    }

    public string AddSuffix(string etag) => $"{etag[..^1]}{etagSuffix}\"";

    /// <summary>A stream that compresses what is written to it into <paramref name="body"/>, and ends it when disposed of.</summary>
    public Stream Compress(Stream body) => compress(body);

    public byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var compressor = compress(compressed))
        {
            compressor.Write(body);
        }

        return compressed.ToArray();
    }

    private static ContentCoding? Negotiate(HttpRequest request, ContentCoding[] codings)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        var preferred = codings.MaxBy(GetQuality)!;
        return GetQuality(preferred) is var quality and > 0 && quality >= (FindQuality("identity") ?? 0) ? preferred : null;

        double GetQuality(ContentCoding coding) => FindQuality(coding.Name) ?? FindQuality("*") ?? 0;

        double? FindQuality(string value) =>
            accepted.FirstOrDefault(coding => coding.Value.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found
                ? found.Quality ?? 1
                : null;
    }

    private bool HasTagged(string etag) => etag.EndsWith($"{etagSuffix}\"", StringComparison.Ordinal);

    private string RemoveSuffix(string etag) => $"{etag[..^(etagSuffix.Length + 1)]}\"";
}
