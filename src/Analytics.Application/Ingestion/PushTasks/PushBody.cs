using System.Text.Unicode;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The request body of a push: lines of the native format, after decompression.</summary>
public sealed record PushBody
{
    // Blank lines do not count. One push is one batch, in one transaction.
    public const int MaxLines = TaskWriter.MaxBatchSize;

    // Of the decompressed body: limits the memory that one push can use.
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly ArraySegment<byte> _text;

    private PushBody(ArraySegment<byte> text) => _text = text;

    public static ValidationException InvalidGzip => Invalid("body must be whole gzip, as Content-Encoding says.");

    public static ValidationException InvalidUtf8 => Invalid("body must be UTF-8.");

    public static bool ExceedsMaxLines(ArraySegment<byte> text) => LineReader.Count(text) > MaxLines;

    /// <exception cref="ValidationException">The text is not UTF-8.</exception>
    public static PushBody Create(ArraySegment<byte> text) => Utf8.IsValid(text) ? new(text) : throw InvalidUtf8;

    internal Stream Open() => new MemoryStream(_text.Array!, _text.Offset, _text.Count, writable: false);

    private static ValidationException Invalid(string message) => new([new(ParameterNames.Body, message)]);
}
