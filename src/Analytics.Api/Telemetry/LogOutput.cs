using System.Buffers;
using System.Text;

namespace Analytics.Api.Telemetry;

/// <summary>
/// Writes log lines from a thread of its own, so that an output that is full, slow or blocked delays nothing but the log.
/// Access lines have a queue of their own: however many there are, errors and audit lines are kept.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    private const int MaxBatchBytes = 64 * 1024;

    // Writing each line by itself would cost a system call and a change of threads per request.
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(1);

    private readonly LogQueue _accessLines = new("access");
    private readonly LogQueue _otherLines = new("other");
    private readonly ArrayBufferWriter<byte> _batch = new(MaxBatchBytes);
    private readonly Stream _stream;
    private readonly Func<long, long, string> _describeDropped;
    private readonly Thread _thread;

    // Not disposed of: a line that comes too late must not fail its caller.
    private readonly AutoResetEvent _hasLines = new(initialState: false);
    private readonly ManualResetEventSlim _isStopping = new();
    private int _isSignalled;

    /// <param name="stream">The output.</param>
    /// <param name="describeDropped">The line that reports how many access lines and how many other lines were dropped.</param>
    public LogOutput(Stream stream, Func<long, long, string> describeDropped)
    {
        (_stream, _describeDropped) = (stream, describeDropped);

        // A background thread: a process whose output is blocked can end.
        _thread = new Thread(Run) { IsBackground = true, Name = "Log output" };
        _thread.Start();
    }

    public void Write(string line, bool isAccessLine)
    {
        if ((isAccessLine ? _accessLines : _otherLines).TryAdd(line))
        {
            Signal();
        }
    }

    /// <summary>Writes what is queued, unless the output is blocked.</summary>
    public void Dispose()
    {
        _isStopping.Set();
        Signal();
        _thread.Join(FlushTimeout);
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) == 0)
        {
            _hasLines.Set();
        }
    }

    private void Run()
    {
        bool isLast;
        do
        {
            _hasLines.WaitOne();
            isLast = _isStopping.IsSet;
            Interlocked.Exchange(ref _isSignalled, 0);
            while (WriteBatch())
            {
            }

            ReportDropped();
            _isStopping.Wait(BatchInterval);
        }
        while (!isLast);
    }

    private bool WriteBatch()
    {
        _batch.ResetWrittenCount();
        var (otherLines, accessLines) = (Fill(_otherLines), Fill(_accessLines));
        if (otherLines + accessLines == 0)
        {
            return false;
        }

        if (!TryWrite(_batch.WrittenSpan))
        {
            _otherLines.Drop(otherLines);
            _accessLines.Drop(accessLines);
        }

        return true;
    }

    private int Fill(LogQueue queue)
    {
        var lines = 0;
        while (_batch.WrittenCount < MaxBatchBytes && queue.TryTake(out var line))
        {
            Encoding.UTF8.GetBytes(line, _batch);
            lines++;
        }

        return lines;
    }

    private void ReportDropped()
    {
        var (accessLines, otherLines) = (_accessLines.Dropped, _otherLines.Dropped);
        if (accessLines + otherLines > 0 && TryWrite(Encoding.UTF8.GetBytes(_describeDropped(accessLines, otherLines))))
        {
            _accessLines.MarkReported(accessLines);
            _otherLines.MarkReported(otherLines);
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Such as a full disk, or an output that was closed.
            return false;
        }
    }
}
