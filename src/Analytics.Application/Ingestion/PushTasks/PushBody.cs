using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Analytics.Application.Concurrency;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Requests;
using FluentValidation;

namespace Analytics.Application.Ingestion.PushTasks;

/// <summary>Reads the body of a push into reserved memory. Only the pipeline calls it, once the user may write.</summary>
public delegate Task<PushBody> PushBodySource(BodyMemoryBudget.Reservation memory, CancellationToken cancellationToken);

/// <summary>How the tasks of a push are separated.</summary>
public enum PushFormat
{
    /// <summary>NDJSON: one task a line.</summary>
    Lines,

    /// <summary>One JSON array of tasks.</summary>
    Array,
}

/// <summary>The request body of a push: tasks in the native format, after decompression.</summary>
public sealed record PushBody
{
    // Blank lines do not count. One push is one batch, in one transaction.
    public const int MaxLines = TaskWriter.MaxBatchSize;

    // Of the decompressed body: limits the memory that one push can use.
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly ArraySegment<byte> _text;

    // Null if the tasks are lines.
    private readonly IReadOnlyList<ReadOnlyMemory<byte>>? _items;

    private PushBody(ArraySegment<byte> text, IReadOnlyList<ReadOnlyMemory<byte>>? items) => (_text, _items) = (text, items);

    public PushFormat Format => _items is null ? PushFormat.Lines : PushFormat.Array;

    public static ValidationException InvalidGzip => Invalid("body must be whole gzip, as Content-Encoding says.");

    public static ValidationException InvalidUtf8 => Invalid("body must be UTF-8.");

    public static ValidationException InvalidArray => Invalid(
        "body must be one JSON array of task objects; one object a line is sent as application/x-ndjson.");

    /// <summary>Null if there are too many tasks.</summary>
    /// <exception cref="ValidationException">The text is not UTF-8, or not an array although it should be.</exception>
    public static PushBody? TryCreate(ArraySegment<byte> text, PushFormat format)
    {
        var items = format == PushFormat.Array ? JsonArrayReader.TryFindItems(text, MaxLines + 1) ?? throw InvalidArray : null;
        if ((items?.Count ?? LineReader.Count(text)) > MaxLines)
        {
            return null;
        }

        return Utf8.IsValid(text) ? new(text, items) : throw InvalidUtf8;
    }

    /// <summary>The tasks with their line numbers, from 1, or with their indexes in the array, from 0.</summary>
    internal async IAsyncEnumerable<(long Number, ReadOnlyMemory<byte> Content)> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_items is not null)
        {
            foreach (var (index, item) in _items.Index())
            {
                yield return (index, item);
            }

            yield break;
        }

        await using var stream = new MemoryStream(_text.Array!, _text.Offset, _text.Count, writable: false);
        await foreach (var line in LineReader.ReadAsync(stream, cancellationToken))
        {
            yield return (line.Number, line.Content);
        }
    }

    private static ValidationException Invalid(string message) => new([new(ParameterNames.Body, message)]);
}
