using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Api.Formats;

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
