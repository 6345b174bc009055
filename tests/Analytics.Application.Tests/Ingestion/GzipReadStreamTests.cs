using System.IO.Compression;
using Analytics.Application.Ingestion;

namespace Analytics.Application.Tests.Ingestion;

internal sealed class GzipReadStreamTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(index => (byte)(index * index >> 7))];

    private static readonly byte[] Archive = Compress(Content);

    [Test]
    public void Every_member_is_decompressed([Values(0, 1, 8_191, 8_192, 65_536, 300_000)] int length)
    {
        var text = Content[..length];
        var archive = Compress(text);
        Assert.That(Decompress(archive), Is.EqualTo(text));
        Assert.That(Decompress([.. archive, .. Compress([]), .. archive]), Is.EqualTo((byte[])[.. text, .. text]));
    }

    [Test]
    public void Header_with_all_optional_fields_is_skipped()
    {
        byte[] header = [0x1F, 0x8B, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, (byte)'n', 0, (byte)'c', 0, 7, 7];
        Assert.That(Decompress([.. header, .. Archive.AsSpan(10)]), Is.EqualTo(Content));
        Assert.That(() => Decompress(header[..^3]), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Archive_that_is_cut_anywhere_is_rejected()
    {
        var archive = Compress(Content[..2_000]);
        for (var length = 1; length < archive.Length; length++)
        {
            Assert.That(() => Decompress(archive[..length]), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
            Assert.That(() => Decompress([.. archive, .. archive[..length]]), Throws.TypeOf<InvalidDataException>(),
                $"{length} more bytes");
        }
    }

    [Test]
    public void Corrupt_member_is_rejected([Values(1_000, -20, -8, -1)] int position)
    {
        var corrupt = Archive.ToArray();
        corrupt[position < 0 ? corrupt.Length + position : position] ^= 0x40;
        Assert.That(() => Decompress(corrupt), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => Decompress([.. Archive, .. corrupt, .. Archive]), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Bytes_after_a_member_are_rejected([Values(1, 8, 512, 100_000)] int count, [Values(0, (byte)'x')] byte value) =>
        Assert.That(() => Decompress([.. Archive, .. Enumerable.Repeat(value, count)]),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("Something that is not gzip follows the gzip data."));

    [TestCase(1_000, null), TestCase(1_001, "The gzip data have more than 1000 empty members.")]
    public void Number_of_empty_members_is_limited(int count, string? error)
    {
        byte[] archive = [.. Enumerable.Repeat(Compress([]), count).SelectMany(member => member), .. Compress("text"u8.ToArray())];

        Assert.That(
            () => Decompress(archive),
            error is null ? Is.EqualTo("text"u8.ToArray()) : Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(error));
    }

    [Test]
    public void Text_is_not_gzip() => Assert.That(
        () => Decompress("text"u8.ToArray()), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("The file is not gzip."));

    private static byte[] Compress(byte[] content)
    {
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);

            // .NET writes nothing at all for no content.
            if (content.Length == 0)
            {
                archive.Write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            }
        }

        return archive.ToArray();
    }

    private static byte[] Decompress(byte[] archive)
    {
        using var gzip = new GzipReadStream(new MemoryStream(archive));
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
