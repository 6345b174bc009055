using Analytics.Api.Errors;

namespace Analytics.Api.Exports;

/// <summary>
/// An export's bytes on disk. One writer appends at the speed of the database, and one reader follows at the speed of the client.
/// </summary>
internal sealed class ExportSpool(FileStream file, ExportSpoolFolder folder, long organisationId) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly SemaphoreSlim _changed = new(0);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _length;
    private long _reserved;

    /// <summary>Ends when all rows are written. Fails with the exception that stopped the writer.</summary>
    public Task Completion => _completion.Task;

    public long Length => Volatile.Read(ref _length);

    /// <exception cref="SpoolFullException">The disk or the limit of all spools is full.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        folder.Reserve(organisationId, bytes.Length);
        _reserved += bytes.Length;
        try
        {
            await RandomAccess.WriteAsync(file.SafeFileHandle, bytes, _length, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new SpoolFullException("An export cannot be written to the disk.", exception);
        }

        Volatile.Write(ref _length, _length + bytes.Length);
        WakeReader();
    }

    public void Complete()
    {
        _completion.SetResult();
        WakeReader();
    }

    public void Fail(Exception exception)
    {
        _completion.SetException(exception);
        WakeReader();
    }

    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var position = 0L;
        for (var isComplete = false; !isComplete;)
        {
            isComplete = Completion.IsCompleted;
            while (position < Length)
            {
                var count = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer, position, cancellationToken);
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                position += count;
            }

            await (isComplete ? Completion : _changed.WaitAsync(cancellationToken));
        }
    }

    /// <summary>The writer and the reader must have ended.</summary>
    public void Dispose()
    {
        file.Dispose();
        _changed.Dispose();
        folder.Release(organisationId, _reserved);
    }

    private void WakeReader()
    {
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }
}
