namespace Analytics.Application.Organisations;

/// <summary>
/// Joins the lookups of concurrent requests into batches, each of which reads every distinct key once. Requests join a batch while it
/// waits for the batch before it and for its permit. Nobody joins a batch that is being sent: a row is always read after its request
/// has arrived.
/// </summary>
/// <param name="clock">Limits the wait for the batch before.</param>
/// <param name="acquirePermit">Limits the batches that are sent at a time.</param>
/// <param name="addWaiting">Called with the change of the number of requests that wait for their batch to be sent.</param>
/// <param name="read">Reads the rows of keys, in their order.</param>
internal sealed class LookupBatches<TKey, TRow>(
    TimeProvider clock, Func<ValueTask<IDisposable>> acquirePermit, Action<int> addWaiting,
    Func<IReadOnlyList<TKey>, Task<IReadOnlyList<TRow?>>> read)
    where TKey : notnull
{
    internal const int MaxKeys = 64;

    // More batches at a time would be smaller and cost more. A slow one delays the next by this at most.
    internal static readonly TimeSpan MaxWaitForPrevious = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private Batch? _open;
    private Task _lastEnded = Task.CompletedTask;

    /// <summary>
    /// The row of the key, if there is one. Cancellation ends the wait of this request only; whatever reading throws, all requests of
    /// the batch throw.
    /// </summary>
    public Task<TRow?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        Batch batch;
        Task<TRow?> row;
        bool isFirst;
        lock (_lock)
        {
            isFirst = _open is null;
            batch = _open ??= new Batch(previousEnded: _lastEnded);
            _lastEnded = batch.Ended;
            row = batch.Join(key, cancellationToken);
            if (batch.Keys == MaxKeys)
            {
                _open = null;
                batch.MarkFull();
            }
        }

        addWaiting(1);
        if (isFirst)
        {
            _ = SendAsync(batch);
        }

        return row.WaitAsync(cancellationToken);
    }

    private async Task SendAsync(Batch batch)
    {
        try
        {
            await batch.WaitForPreviousAsync(clock);
            using var permit = await acquirePermit();
            Close(batch);
            if (batch.GetAwaitedKeys() is { Count: > 0 } keys)
            {
                var rows = await read(keys);

                // A pool thread runs first what it has queued last. Ended later, it would send the next batch before the requests of
                // this one go on.
                batch.End();
                batch.Complete(keys, rows);
            }
        }
        catch (Exception exception)
        {
            Close(batch);
            batch.Fail(exception);
        }
        finally
        {
            batch.End();
        }
    }

    private void Close(Batch batch)
    {
        lock (_lock)
        {
            if (_open == batch)
            {
                _open = null;
            }
        }

        addWaiting(-batch.TakeWaiting());
    }

    private sealed class Batch(Task previousEnded)
    {
        private readonly Dictionary<TKey, PendingRow> _rows = [];
        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;

        public int Keys => _rows.Count;

        public Task Ended => _ended.Task;

        public void MarkFull() => _full.SetResult();

        public void End() => _ended.TrySetResult();

        /// <summary>Waits until the batch before this has ended, unless this is full or the wait takes too long.</summary>
        public async Task WaitForPreviousAsync(TimeProvider clock)
        {
            if (!previousEnded.IsCompleted)
            {
                Task isDue = Task.WhenAny(previousEnded, _full.Task);
                await isDue.WaitAsync(MaxWaitForPrevious, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        public Task<TRow?> Join(TKey key, CancellationToken cancellationToken)
        {
            _waiting++;
            if (!_rows.TryGetValue(key, out var row))
            {
                _rows[key] = row = new PendingRow();
            }

            row.Requests.Add(cancellationToken);
            return row.Task;
        }

        public int TakeWaiting() => Interlocked.Exchange(ref _waiting, 0);

        // Not those whose requests were all cancelled while they waited.
        public List<TKey> GetAwaitedKeys() =>
            [.. from row in _rows where row.Value.Requests.Exists(request => !request.IsCancellationRequested) select row.Key];

        public void Complete(List<TKey> keys, IReadOnlyList<TRow?> rows)
        {
            foreach (var (index, key) in keys.Index())
            {
                _rows[key].SetResult(rows[index]);
            }
        }

        public void Fail(Exception exception)
        {
            foreach (var row in _rows.Values)
            {
                row.TrySetException(exception);

                // Observed, also if all requests were cancelled.
                _ = row.Task.Exception;
            }
        }
    }

    private sealed class PendingRow() : TaskCompletionSource<TRow?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public List<CancellationToken> Requests { get; } = [];
    }
}
