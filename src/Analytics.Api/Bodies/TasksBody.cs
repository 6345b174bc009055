using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Analytics.Application.Organisations;
using Analytics.Application.Tasks.PushTasks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.Bodies;

/// <summary>Reads the body of a push whole, before anything else is done for it. What it holds is decompressed no further than its limit.</summary>
internal static class TasksBody
{
    public const string MediaType = "application/x-ndjson";
    public const string Gzip = "gzip";

    private const int Chunk = 64 * 1024;

    public static async Task<PushedTasks> ReadAsync(HttpRequest request, BodyMemory.Share memory, CancellationToken cancellationToken)
    {
        var hasBody = request.HttpContext.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody;
        if (hasBody || request.ContentType is not null)
        {
            RequireMediaType(request.ContentType);
        }

        var isCompressed = IsCompressed(request.Headers.ContentEncoding.ToString());
        if (request.ContentLength > PushedTasks.MostBytes)
        {
            throw RefusedBodyException.TooLarge;
        }

        var body = await ReceiveAsync(request.Body, memory, cancellationToken);
        try
        {
            var tasks = PushedTasks.Of(isCompressed && body.Count > 0 ? await DecompressAsync(body, memory, cancellationToken) : body);
            return tasks.AreTooMany ? throw RefusedBodyException.TooLarge : tasks;
        }
        catch (InvalidDataException)
        {
            return PushedTasks.BrokenGzip;
        }
    }

    private static void RequireMediaType(string? contentType)
    {
        var isAccepted = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isAccepted)
        {
            throw RefusedBodyException.OtherType;
        }
    }

    private static bool IsCompressed(string contentEncoding) => contentEncoding.Trim().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        Gzip or "x-gzip" => true,
        _ => throw RefusedBodyException.OtherEncoding,
    };

    private static async Task<ArraySegment<byte>> ReceiveAsync(Stream body, BodyMemory.Share memory, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(body, memory, cancellationToken);
        }
        catch (BadHttpRequestException large) when (large.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // What frames the chunks counts for the server, and may be most of what it takes.
            throw RefusedBodyException.TooLarge;
        }
        catch (IOException malformed) when (malformed is not BadHttpRequestException)
        {
            // Of a chunk whose size overflows, the server itself does not say that the request is at fault.
            throw new BadHttpRequestException(malformed.Message, malformed);
        }
    }

    private static async Task<ArraySegment<byte>> DecompressAsync(ArraySegment<byte> body, BodyMemory.Share memory, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(new MemoryStream(body.Array!, body.Offset, body.Count), CompressionMode.Decompress);
        var text = await ReadAsync(gzip, memory, cancellationToken);
        return IsWhole(body, text) ? text : throw new InvalidDataException();
    }

    /// <summary>Gzip ends with the sum and the length of what it held last. What follows that would be passed over without a word.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> gzip, ReadOnlySpan<byte> text)
    {
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(gzip[^8..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(gzip[^4..]);
        return length <= text.Length && Crc32.HashToUInt32(text[^(int)length..]) == sum;
    }

    private static async Task<ArraySegment<byte>> ReadAsync(Stream body, BodyMemory.Share memory, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            while (await body.ReadAsync(chunk, cancellationToken) is > 0 and var read)
            {
                if (whole.Length + read > PushedTasks.MostBytes)
                {
                    throw RefusedBodyException.TooLarge;
                }

                var held = whole.Capacity;
                whole.Write(chunk, 0, read);
                if (!memory.TryTake(whole.Capacity - held))
                {
                    throw new TooBusyException();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return new ArraySegment<byte>(whole.GetBuffer(), 0, (int)whole.Length);
    }
}
