using System.Buffers;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Application.Concurrency;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.PushTasks;
using Microsoft.AspNetCore.Http.Features;

namespace Analytics.Api.RequestBodies;

/// <summary>Reads a push body completely. Decompression stops at the size limit.</summary>
internal static class PushBodyReader
{
    public const string MediaType = ContentNegotiation.Ndjson;
    public const string ArrayMediaType = "application/json";
    public const string Gzip = "gzip";

    private const int BufferSize = 64 * 1024;

    public static RejectedBodyException UnsupportedMediaType =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            ErrorCode.UnsupportedMediaType,
            $"Send {MediaType}, one object a line, or {ArrayMediaType}, an array.")
        { Accepted = (HeaderNames.Accept, $"{MediaType}, {ArrayMediaType}") };

    public static RejectedBodyException UnsupportedEncoding =>
        new(StatusCodes.Status415UnsupportedMediaType, ErrorCode.UnsupportedEncoding, $"Content-Encoding must be {Gzip}, or absent.")
        { Accepted = (HeaderNames.AcceptEncoding, Gzip) };

    public static RejectedBodyException TooLarge => new(
        StatusCodes.Status413PayloadTooLarge,
        ErrorCode.BodyTooLarge,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The body must be at most {PushBody.MaxLines:N0} lines and {PushBody.MaxBytes / 1024 / 1024} MB, decompressed: send the rest in another request."));

    // Rejects what the headers show to be too large or of an unsupported type. The source reads the rest.
    public static PushBodySource CreateSource(HttpRequest request)
    {
        var hasBody = request.HttpContext.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody;
        var format = hasBody || request.ContentType is not null ? GetFormat(request.ContentType) : PushFormat.Lines;
        var isCompressed = IsCompressed(request.Headers.ContentEncoding.ToString());
        if (request.ContentLength > PushBody.MaxBytes)
        {
            // Many clients read the response only after they have sent the body. Over its own limit the server would not receive the
            // rest of it, and would reset the connection. Without a limit it does, for at most 5 seconds.
            request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            throw TooLarge;
        }

        // The request's features are gone when it ends, and a request that has ended may still reach this point.
        var stream = request.Body;
        return (memory, cancellationToken) => ReadAsync(stream, format, isCompressed, memory, cancellationToken);
    }

    private static async Task<PushBody> ReadAsync(
        Stream stream, PushFormat format, bool isCompressed, BodyMemoryBudget.Reservation reservation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = await ReceiveAsync(stream, reservation, cancellationToken);
        try
        {
            var content = isCompressed && body.Count > 0 ? await DecompressAsync(body, reservation, cancellationToken) : body;
            return PushBody.TryCreate(content, format) ?? throw TooLarge;
        }
        catch (InvalidDataException)
        {
            throw PushBody.InvalidGzip;
        }
    }

    private static PushFormat GetFormat(string? contentType)
    {
        var isUtf8 = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        return type?.MediaType.ToString().ToLowerInvariant() switch
        {
            MediaType when isUtf8 => PushFormat.Lines,
            ArrayMediaType when isUtf8 => PushFormat.Array,
            _ => throw UnsupportedMediaType,
        };
    }

    private static bool IsCompressed(string contentEncoding) => contentEncoding.Trim().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        Gzip or "x-gzip" => true,
        _ => throw UnsupportedEncoding,
    };

    private static async Task<ArraySegment<byte>> ReceiveAsync(
        Stream body, BodyMemoryBudget.Reservation reservation, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(body, reservation, cancellationToken);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // Kestrel also counts the framing of chunks, which may be larger than their content.
            throw TooLarge;
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // Kestrel throws IOException, not BadHttpRequestException, if the size of a chunk overflows.
            throw new BadHttpRequestException(exception.Message, exception);
        }
    }

    private static async Task<ArraySegment<byte>> DecompressAsync(
        ArraySegment<byte> body, BodyMemoryBudget.Reservation reservation, CancellationToken cancellationToken)
    {
        await using var gzip = new GzipReadStream(new MemoryStream(body.Array!, body.Offset, body.Count));
        return await ReadAsync(gzip, reservation, cancellationToken);
    }

    private static async Task<ArraySegment<byte>> ReadAsync(
        Stream body, BodyMemoryBudget.Reservation reservation, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (content.Length + read > PushBody.MaxBytes)
                {
                    throw TooLarge;
                }

                var previousCapacity = content.Capacity;
                content.Write(buffer, 0, read);
                reservation.Grow(content.Capacity - previousCapacity);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new ArraySegment<byte>(content.GetBuffer(), 0, (int)content.Length);
    }
}
