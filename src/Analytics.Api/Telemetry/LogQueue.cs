using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Analytics.Application.Observability;

namespace Analytics.Api.Telemetry;

/// <summary>Lines that wait for the output. Beyond the limit they are dropped and counted, since no request waits for the log.</summary>
internal sealed class LogQueue(string kind)
{
    private const long MaxCharacters = 4 * 1024 * 1024;

    // No lock: many requests add lines at the same time, and one thread takes them.
    private readonly ConcurrentQueue<string> _lines = new();
    private long _characters;
    private long _dropped;

    /// <summary>The dropped lines that have not been reported.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public bool TryAdd(string line)
    {
        if (Interlocked.Add(ref _characters, line.Length) > MaxCharacters)
        {
            Interlocked.Add(ref _characters, -line.Length);
            Drop(1);
            return false;
        }

        _lines.Enqueue(line);
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out string? line)
    {
        if (!_lines.TryDequeue(out line))
        {
            return false;
        }

        Interlocked.Add(ref _characters, -line.Length);
        return true;
    }

    public void Drop(int lines)
    {
        Interlocked.Add(ref _dropped, lines);
        AnalyticsMetrics.RecordDroppedLogLines(kind, lines);
    }

    public void MarkReported(long dropped) => Interlocked.Add(ref _dropped, -dropped);
}
