using System.CommandLine;
using System.IO.Compression;

namespace Analytics.Cli;

/// <summary>A file to import: a path, <c>-</c> for standard input, <c>.gz</c> read as such.</summary>
internal sealed class InputFile : IDisposable
{
    private const string StandardInput = "-";
    private readonly Stream _source;

    private InputFile(string path)
    {
        _source = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        var isCompressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        if (isCompressed && _source.Length == 0)
        {
            throw new UsageException("The file is empty: a .gz has at least a header.");
        }

        Text = isCompressed ? new GZipStream(_source, CompressionMode.Decompress) : _source;
    }

    /// <summary>The file's text, decompressed.</summary>
    public Stream Text { get; }

    /// <summary>How much of the file has been read, 0 to 1; absent where its length is not known.</summary>
    public double? Share => _source.CanSeek && _source.Length > 0 ? (double)_source.Position / _source.Length : null;

    public static Argument<string> Argument(string what) => new("FILE") { Description = $"{what}; - is standard input, .gz is read." };

    public static InputFile Open(ParseResult arguments) =>
        arguments.GetRequiredValue<string>("FILE") is { Length: > 0 } path ? new InputFile(path) : throw new UsageException("FILE is empty.");

    public void Dispose()
    {
        Text.Dispose();
        _source.Dispose();
    }
}
