using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Analytics.Application.Imports;

/// <summary>One line of a stream, without its end. Its memory is only good until the next line is asked for.</summary>
/// <param name="Number">Counted from 1, blank lines too.</param>
/// <param name="Content">The line; empty where it is longer than <see cref="LineReader.MaxLine"/>.</param>
/// <param name="IsTooLong">Whether the line was longer than that.</param>
internal readonly record struct Line(long Number, ReadOnlyMemory<byte> Content, bool IsTooLong);

/// <summary>Reads a stream line by line, in memory bounded by the longest line that is let in.</summary>
internal static class LineReader
{
    /// <summary>A document store's document is at most 16 MiB; its text is longer, but not by more than this.</summary>
    public const int MaxLine = 64 * 1024 * 1024;

    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 256 * 1024);

    /// <summary>The lines that are not blank.</summary>
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
                var line = new Line(number++, Contiguous(isTooLong ? default : buffer.Slice(0, end)), isTooLong);
                if (line.IsTooLong || !IsBlank(line.Content.Span))
                {
                    yield return line;
                }

                isTooLong = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (isTooLong || !buffer.IsEmpty)
                {
                    var last = new Line(number, Contiguous(isTooLong ? default : buffer), isTooLong);
                    if (last.IsTooLong || !IsBlank(last.Content.Span))
                    {
                        yield return last;
                    }
                }

                await reader.CompleteAsync();
                yield break;
            }

            isTooLong |= buffer.Length > MaxLine;
            reader.AdvanceTo(isTooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    private static ReadOnlyMemory<byte> Contiguous(in ReadOnlySequence<byte> sequence) =>
        sequence.IsSingleSegment ? sequence.First : sequence.ToArray();

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}
