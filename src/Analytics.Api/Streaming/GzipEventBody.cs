using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Analytics.Api.Streaming;

/// <summary>
/// Writes gzip of which each written part is compressed by itself. A compressor for the whole body would keep its memory, 290 kB of
/// gzip and 160 kB of Brotli, as long as the event stream is open; there may be thousands.
/// </summary>
internal sealed class GzipEventBody(Stream body) : Stream
{
    // RFC 1952: deflate, without a name or time, by the fastest algorithm, from an unknown system.
    private static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255];

    private static readonly byte[] EmptyLastBlock = [3, 0];

    private readonly Crc32 _checksum = new();
    private uint _length;
    private bool _hasHeader;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        body.WriteAsync(Compress(buffer.Span), cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        var end = new byte[EmptyLastBlock.Length + (2 * sizeof(uint))];
        EmptyLastBlock.CopyTo(end, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(EmptyLastBlock.Length), _checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(EmptyLastBlock.Length + sizeof(uint)), _length);
        await body.WriteAsync(_hasHeader ? end : [.. Header, .. end]);
        await base.DisposeAsync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private byte[] Compress(ReadOnlySpan<byte> data)
    {
        _checksum.Append(data);
        _length += (uint)data.Length;
        using var compressed = new MemoryStream();
        if (!_hasHeader)
        {
            compressed.Write(Header);
            _hasHeader = true;
        }

        using var compressor = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true);
        compressor.Write(data);

        // Ends at a whole byte, so that the next part can follow. Disposing writes the last block of a stream, which is not copied.
        compressor.Flush();
        return compressed.ToArray();
    }
}
