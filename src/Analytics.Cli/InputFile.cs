using System.Buffers;
using System.IO.Pipelines;
using Analytics.Application.Ingestion;

namespace Analytics.Cli;

/// <summary>A file to import: a path, <c>-</c> for standard input; <c>.gz</c> is decompressed.</summary>
internal sealed class InputFile : IDisposable
{
    private const string StandardInput = "-";

    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 256 * 1024);

    private readonly Stream _source;

    private InputFile(Stream source, Stream text) => (_source, Text) = (source, text);

    /// <summary>Throws <see cref="InvalidDataException"/> where compressed data are not whole.</summary>
    public Stream Text { get; }

    /// <summary>How much of the file has been read, 0 to 1; null where its length is not known.</summary>
    public double? Share => _source.CanSeek && _source.Length > 0 ? (double)_source.Position / _source.Length : null;

    public static Argument<string> Argument(string what) => new("FILE") { Description = $"{what}; - is standard input, .gz is read." };

    public static Argument<string> CsvArgument(string[] columns) => Argument("CSV with the columns " + string.Join(", ", columns));

    public static async Task<InputFile> OpenAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var path = run.Arguments.GetRequiredValue<string>("FILE");
        if (path.Length == 0)
        {
            throw new UsageException("FILE is empty.");
        }

        var source = path == StandardInput ? run.Context.OpenInput() : File.OpenRead(path);
        try
        {
            var isCompressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            if (isCompressed && source.Length == 0)
            {
                throw new UsageException("The file is empty: a .gz has at least a header.");
            }

            return new InputFile(source, await CheckStartAsync(isCompressed ? new GzipReadStream(source) : source, cancellationToken));
        }
        catch (InvalidDataException exception)
        {
            await source.DisposeAsync();
            throw new UsageException($"{exception.Message} Nothing was changed.");
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        Text.Dispose();
        _source.Dispose();
    }

    // Returns the whole text, from its start.
    private static async Task<Stream> CheckStartAsync(Stream text, CancellationToken cancellationToken)
    {
        const int MaxExamined = 4096;
        var reader = PipeReader.Create(text, Options);
        var start = (await reader.ReadAtLeastAsync(UnsupportedInput.MinBytes, cancellationToken)).Buffer;
        if (UnsupportedInput.Describe(start.Slice(0, Math.Min(start.Length, MaxExamined)).ToArray()) is { } problem)
        {
            throw new UsageException(problem);
        }

        reader.AdvanceTo(start.Start);
        return reader.AsStream();
    }
}
