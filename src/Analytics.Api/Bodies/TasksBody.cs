using System.Buffers;
using System.IO.Compression;
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

        await using var text = isCompressed && hasBody ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : request.Body;
        try
        {
            var tasks = PushedTasks.Of(await ReadAsync(text, memory, cancellationToken));
            return tasks.AreTooMany ? throw RefusedBodyException.TooLarge : tasks;
        }
        catch (InvalidDataException)
        {
            return PushedTasks.BrokenGzip;
        }
        catch (IOException malformed) when (malformed is not BadHttpRequestException)
        {
            // Of a chunk whose size overflows, the server itself does not say that the request is at fault.
            throw new BadHttpRequestException(malformed.Message, malformed);
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

                if (!memory.TryTake(read))
                {
                    throw new TooBusyException();
                }

                whole.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return new ArraySegment<byte>(whole.GetBuffer(), 0, (int)whole.Length);
    }
}
