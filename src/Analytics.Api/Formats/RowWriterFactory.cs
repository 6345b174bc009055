using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using Analytics.Application.Reporting.Parsing;
using CsvHelper;

namespace Analytics.Api.Formats;

/// <summary>Formats rows into a buffer, which the caller drains.</summary>
internal interface IRowWriter<in T> : IDisposable
{
    string ContentType { get; }

    string Extension { get; }

    /// <summary>The approximate number of bytes in the buffer.</summary>
    int Pending { get; }

    void Write(T row);

    /// <summary>Returns the bytes in the buffer and empties it.</summary>
    ReadOnlyMemory<byte> Drain();
}

internal static class RowWriterFactory
{
    /// <summary>CSV has the same columns whatever the rows are.</summary>
    public static IRowWriter<T> Create<T>(
        ResponseFormat format, IReadOnlyCollection<string> optionalProperties, JsonSerializerOptions json)
        where T : class => format switch
    {
        ResponseFormat.Csv => new CsvRowWriter<T>(Column.ForType<T>(json, optionalProperties)),
        ResponseFormat.Ndjson => new NdjsonRowWriter<T>(json),
        ResponseFormat.Json => throw new ArgumentOutOfRangeException(nameof(format), format, "JSON is not a table."),
    };
}

/// <summary>Writes the header even if there are no rows.</summary>
internal sealed class CsvRowWriter<T> : IRowWriter<T>
    where T : class
{
    private readonly IReadOnlyList<Column> _columns;
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture);
    private readonly CsvWriter _csv;

    public CsvRowWriter(IReadOnlyList<Column> columns)
    {
        _columns = columns;
        _csv = new CsvWriter(_text, CultureInfo.InvariantCulture);
        WriteLine(columns.Select(column => column.Name));
    }

    public string ContentType => $"{ContentNegotiation.Csv}; charset=utf-8";

    public string Extension => "csv";

    public int Pending => _text.GetStringBuilder().Length;

    public void Write(T row) => WriteLine(_columns.Select(column => column.GetText(row)));

    public ReadOnlyMemory<byte> Drain()
    {
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _text.GetStringBuilder().Clear();
        return bytes;
    }

    public void Dispose() => _csv.Dispose();

    private void WriteLine(IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            _csv.WriteField(field);
        }

        _csv.NextRecord();
        _csv.Flush();
    }
}

internal sealed class NdjsonRowWriter<T>(JsonSerializerOptions json) : IRowWriter<T>
    where T : class
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T));
    private readonly ArrayBufferWriter<byte> _bytes = new();

    // MVC's default, if none is configured.
    private readonly Utf8JsonWriter _writer = new(
        Stream.Null, new JsonWriterOptions { Encoder = json.Encoder ?? JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public string ContentType => ContentNegotiation.Ndjson;

    public string Extension => "ndjson";

    public int Pending => _bytes.WrittenCount;

    public void Write(T row)
    {
        _writer.Reset(_bytes);
        JsonSerializer.Serialize(_writer, row, _type);
        _writer.Flush();
        _bytes.Write("\n"u8);
    }

    public ReadOnlyMemory<byte> Drain()
    {
        var bytes = _bytes.WrittenMemory;
        _bytes.ResetWrittenCount();
        return bytes;
    }

    public void Dispose() => _writer.Dispose();
}
