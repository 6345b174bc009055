using System.IO.Compression;

namespace Analytics.Cli;

/// <summary>A file to import: a path, <c>-</c> for standard input; <c>.gz</c> is decompressed.</summary>
internal sealed class InputFile : IDisposable
{
    private const string StandardInput = "-";
    private readonly Stream _source;

    private InputFile(Stream source, bool isCompressed)
    {
        if (isCompressed && source.Length == 0)
        {
            throw new UsageException("The file is empty: a .gz has at least a header.");
        }

        _source = source;
        Text = isCompressed ? new GZipStream(source, CompressionMode.Decompress) : source;
    }

    public Stream Text { get; }

    /// <summary>How much of the file has been read, 0 to 1; null where its length is not known.</summary>
    public double? Share => _source.CanSeek && _source.Length > 0 ? (double)_source.Position / _source.Length : null;

    public static Argument<string> Argument(string what) => new("FILE") { Description = $"{what}; - is standard input, .gz is read." };

    public static Argument<string> CsvArgument(string[] columns) => Argument("CSV with the columns " + string.Join(", ", columns));

    public static InputFile Open(CommandRun run) => run.Arguments.GetRequiredValue<string>("FILE") switch
    {
        "" => throw new UsageException("FILE is empty."),
        StandardInput => new InputFile(run.Context.OpenInput(), isCompressed: false),
        var path => new InputFile(File.OpenRead(path), path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)),
    };

    public void Dispose()
    {
        Text.Dispose();
        _source.Dispose();
    }
}
