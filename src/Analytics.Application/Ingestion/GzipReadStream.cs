using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Analytics.Application.Ingestion;

/// <summary>
/// Decompresses gzip to its end, all members of it. <see cref="GZipStream"/> ends without an error where a file is cut between
/// two blocks, and ignores what follows a member, so that a short file would be taken for a whole one.
/// </summary>
public sealed class GzipReadStream(Stream source) : ReadOnlyStream
{
    // Each member costs a decompressor, and thousands of empty ones fit into a small file.
    private const int MaxEmptyMembers = 1_000;

    private readonly Window _source = new(source);
    private readonly Crc32 _crc = new();
    private DeflateStream? _member;
    private uint _length;
    private int _emptyMembers;

    /// <exception cref="InvalidDataException">The source is not gzip, or not whole.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && (_member is not null || _source.HasMore()))
        {
            _member ??= BeginMember();
            if (Decompress(buffer) is > 0 and var read)
            {
                _crc.Append(buffer[..read]);
                _length += (uint)read;
                return read;
            }

            EndMember();
            if (_length == 0 && ++_emptyMembers > MaxEmptyMembers)
            {
                throw new InvalidDataException($"The gzip data have more than {MaxEmptyMembers} empty members.");
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static InvalidDataException Corrupt() => new("The gzip data are cut or corrupt.");

    private DeflateStream BeginMember()
    {
        if (!_source.StartsMember())
        {
            throw new InvalidDataException("The file is not gzip.");
        }

        if (!_source.TrySkipHeader())
        {
            throw Corrupt();
        }

        _length = 0;
        return new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);
    }

    private int Decompress(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Corrupt();
        }
    }

    private void EndMember()
    {
        Span<byte> trailer = stackalloc byte[Window.TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[sizeof(uint)..], _length);
        switch (_source.SkipTrailer(trailer))
        {
            case TrailerResult.Missing:
                throw Corrupt();
            case TrailerResult.FollowedByOther:
                throw new InvalidDataException("Something that is not gzip follows the gzip data.");
        }

        _crc.Reset();
        _member!.Dispose();
        _member = null;
    }

    private enum TrailerResult
    {
        Found,
        FollowedByOther,
        Missing,
    }

    /// <summary>
    /// The source of one member's decoder, which reads beyond the member's end and does not tell where it was. The end is
    /// found in what was read last: by the trailer, which holds checksum and length.
    /// </summary>
    private sealed class Window(Stream source) : ReadOnlyStream
    {
        public const int TrailerLength = 8;

        private const int HeaderLength = 10;
        private const int Capacity = 64 * 1024;
        private const int MaxRead = Capacity / 4;

        private readonly byte[] _buffer = new byte[Capacity];
        private int _lastReadStart;
        private int _position;
        private int _end;

        private static ReadOnlySpan<byte> Magic => [0x1F, 0x8B];

        public bool HasMore() => Require(1);

        public bool StartsMember() => Require(Magic.Length) && Rest.StartsWith(Magic);

        // RFC 1952, section 2.3.
        public bool TrySkipHeader()
        {
            const int FlagsOffset = 3;
            const byte HasCrc = 2;
            const byte HasExtra = 4;
            const byte HasName = 8;
            const byte HasComment = 16;
            if (!Require(HeaderLength))
            {
                return false;
            }

            var flags = Rest[FlagsOffset];
            Skip(HeaderLength);
            return (!HasFlag(HasExtra) || TrySkipExtra())
                && (!HasFlag(HasName) || TrySkipText())
                && (!HasFlag(HasComment) || TrySkipText())
                && (!HasFlag(HasCrc) || TrySkip(sizeof(ushort)));

            bool HasFlag(byte flag) => (flags & flag) != 0;
        }

        public TrailerResult SkipTrailer(ReadOnlySpan<byte> trailer)
        {
            Require(TrailerLength + Magic.Length);
            var result = TrailerResult.Missing;
            for (var start = _lastReadStart; start <= _position; start++)
            {
                if (!_buffer.AsSpan(start, _end - start).StartsWith(trailer))
                {
                    continue;
                }

                var rest = _buffer.AsSpan(start + TrailerLength, _end - start - TrailerLength);
                if (rest.IsEmpty || rest.StartsWith(Magic))
                {
                    _position = start + TrailerLength;
                    return TrailerResult.Found;
                }

                result = TrailerResult.FollowedByOther;
            }

            return result;
        }

        public override int Read(Span<byte> buffer)
        {
            _lastReadStart = _position;
            if (!Require(1))
            {
                return 0;
            }

            var read = Math.Min(Math.Min(buffer.Length, MaxRead), _end - _position);
            _buffer.AsSpan(_position, read).CopyTo(buffer);
            _position += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }

        private ReadOnlySpan<byte> Rest => _buffer.AsSpan(_position, _end - _position);

        private bool TrySkipExtra()
        {
            if (!Require(sizeof(ushort)))
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16LittleEndian(Rest);
            return TrySkip(sizeof(ushort)) && TrySkip(length);
        }

        private bool TrySkipText()
        {
            while (Require(1))
            {
                var character = Rest[0];
                Skip(1);
                if (character == 0)
                {
                    return true;
                }
            }

            return false;
        }

        private bool TrySkip(int length)
        {
            for (var left = length; left > 0; left--)
            {
                if (!Require(1))
                {
                    return false;
                }

                Skip(1);
            }

            return true;
        }

        private void Skip(int length)
        {
            _position += length;
            _lastReadStart = _position;
        }

        // Reads on until so many bytes are there. Keeps what was read last.
        private bool Require(int count)
        {
            while (_end - _position < count)
            {
                if (_lastReadStart > 0)
                {
                    _buffer.AsSpan(_lastReadStart, _end - _lastReadStart).CopyTo(_buffer);
                    _position -= _lastReadStart;
                    _end -= _lastReadStart;
                    _lastReadStart = 0;
                }

                if (source.Read(_buffer.AsSpan(_end)) is not (> 0 and var read))
                {
                    return false;
                }

                _end += read;
            }

            return true;
        }
    }
}
