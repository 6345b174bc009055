using System.Buffers;
using System.Text.Json;

namespace Analytics.Client;

/// <summary>The tasks of one request, as a JSON array.</summary>
internal sealed class PushBatch
{
    public const int MaxTasks = 1_000;
    public const int MaxBytes = 4_000_000;

    private readonly ArrayBufferWriter<byte> _body = new();

    public int Count { get; private set; }

    public bool TryAdd(PushedTask task)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(task, AnalyticsJson.Default.PushedTask);
        if (Count == MaxTasks || (Count > 0 && _body.WrittenCount + json.Length > MaxBytes))
        {
            return false;
        }

        _body.Write(Count == 0 ? "["u8 : ","u8);
        _body.Write(json);
        Count++;
        return true;
    }

    public ReadOnlyMemory<byte> Complete()
    {
        _body.Write("]"u8);
        return _body.WrittenMemory;
    }
}
