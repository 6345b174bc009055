using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Analytics.Application.Ingestion.ImportTasks;

/// <summary>One line without its line end. <c>Content</c> is valid only until the next line is read.</summary>
internal readonly record struct Line(long Number, ReadOnlyMemory<byte> Content, bool IsTooLong);

/// <summary>Reads a stream line by line and skips blank lines. Memory is limited by <see cref="MaxLineBytes"/>.</summary>
internal static class LineReader
{
    // A MongoDB document is at most 16 MiB. Parsing uses a multiple of a line's length.
    public const int MaxLineBytes = 20 * 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private static ReadOnlySpan<byte> Whitespace => " \t\r\n"u8;

    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 256 * 1024);

    public static async IAsyncEnumerable<Line> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, Options);
        var number = 1L;
        var isTooLong = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;

            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (!isTooLong && FindLeadingBlankLines(buffer.FirstSpan) is { Count: > 0 } blank)
                {
                    number += blank.Count;
                    buffer = buffer.Slice(blank.Length);
                    continue;
                }

                var line = CreateLine(number++, buffer.Slice(0, end), isTooLong);
                if (!IsBlank(line))
                {
                    yield return line;
                }

                isTooLong = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                var last = CreateLine(number, buffer, isTooLong);
                if (!IsBlank(last))
                {
                    yield return last;
                }

                await reader.CompleteAsync();
                yield break;
            }

            isTooLong |= buffer.Length > MaxLineBytes;
            reader.AdvanceTo(isTooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    // The number of lines that are not blank.
    public static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        text = text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;
        while (text.IndexOfAnyExcept(Whitespace) is >= 0 and var start)
        {
            count++;
            text = text[start..];
            text = text.IndexOf((byte)'\n') is >= 0 and var end ? text[end..] : [];
        }

        return count;
    }

    // Skips all blank lines of the buffer in one step: a few bytes of gzip can expand to millions of them.
    private static (long Count, int Length) FindLeadingBlankLines(ReadOnlySpan<byte> text)
    {
        var blanks = text.IndexOfAnyExcept(Whitespace) is >= 0 and var start ? text[..start] : text;
        var length = blanks.LastIndexOf((byte)'\n') + 1;
        return (blanks[..length].Count((byte)'\n'), length);
    }

    private static Line CreateLine(long number, in ReadOnlySequence<byte> text, bool isTooLong)
    {
        if (isTooLong)
        {
            return new Line(number, default, true);
        }

        var content = text.IsSingleSegment ? text.First : text.ToArray();
        var hasByteOrderMark = number == 1 && content.Span.StartsWith(ByteOrderMark);
        return new Line(number, hasByteOrderMark ? content[ByteOrderMark.Length..] : content, false);
    }

    private static bool IsBlank(Line line) => !line.IsTooLong && line.Content.Span.IndexOfAnyExcept(Whitespace) < 0;
}
