using System.Text.Unicode;
using Analytics.Application.Ingestion.ImportTasks;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>The tasks of one push: lines of the native format, as they were received.</summary>
public sealed record PushBody
{
    /// <summary>The most lines that are not blank: what one transaction takes.</summary>
    public const int MaxLines = TaskWriter.MaxBatchSize;

    /// <summary>The most bytes, decompressed: it bounds what one push can make the service hold.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly ArraySegment<byte> _text;

    private PushBody(ArraySegment<byte> text, string? error) => (_text, Error) = (text, error);

    /// <summary>A body whose compression is broken: nothing of it is read.</summary>
    public static PushBody InvalidGzip { get; } = new(ArraySegment<byte>.Empty, "body must be whole gzip, as Content-Encoding says.");

    /// <summary>Why they cannot be read, if so: one sentence that names the rule.</summary>
    public string? Error { get; }

    /// <summary>Whether there are more than <see cref="MaxLines"/>.</summary>
    public bool ExceedsMaxLines => LineReader.Count(_text) > MaxLines;

    /// <summary>A body that was received whole.</summary>
    public static PushBody Create(ArraySegment<byte> text) => new(text, Utf8.IsValid(text) ? null : "body must be UTF-8.");

    internal Stream Open() => new MemoryStream(_text.Array!, _text.Offset, _text.Count, writable: false);
}
