using System.Text.Unicode;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The request body of a push: lines of the native format, after decompression.</summary>
public sealed record PushBody
{
    // Blank lines do not count. One push is one batch, in one transaction.
    public const int MaxLines = TaskWriter.MaxBatchSize;

    // Of the decompressed body: limits the memory that one push can use.
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly ArraySegment<byte> _text;

    private PushBody(ArraySegment<byte> text, string? error) => (_text, Error) = (text, error);

    public static PushBody InvalidGzip { get; } = new(ArraySegment<byte>.Empty, "body must be whole gzip, as Content-Encoding says.");

    // The validation message if the body as a whole is invalid.
    public string? Error { get; }

    public bool ExceedsMaxLines => LineReader.Count(_text) > MaxLines;

    public static PushBody Create(ArraySegment<byte> text) => new(text, Utf8.IsValid(text) ? null : "body must be UTF-8.");

    internal Stream Open() => new MemoryStream(_text.Array!, _text.Offset, _text.Count, writable: false);
}
