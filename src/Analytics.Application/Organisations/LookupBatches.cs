namespace Analytics.Application.Organisations;

/// <summary>
/// Joins the lookups of concurrent requests into batches, each of which reads every distinct key once. Requests join a batch while it
/// waits for its permit. Nobody joins a batch that is being sent: a row is always read after its request has arrived.
/// </summary>
/// <param name="acquirePermit">Limits the batches that are sent at a time.</param>
/// <param name="addWaiting">Called with the change of the number of requests that wait for their batch to be sent.</param>
/// <param name="read">Reads the rows of keys, in their order.</param>
internal sealed class LookupBatches<TKey, TRow>(
    Func<ValueTask<IDisposable>> acquirePermit, Action<int> addWaiting, Func<IReadOnlyList<TKey>, Task<IReadOnlyList<TRow?>>> read)
    where TKey : notnull
{
    internal const int MaxKeys = 64;

    private readonly Lock _lock = new();
    private Batch? _open;

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
            batch = _open ??= new Batch();
            row = batch.Join(key, cancellationToken);
            if (batch.Keys == MaxKeys)
            {
                _open = null;
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
            using var permit = await acquirePermit();
            Close(batch);
            if (batch.GetAwaitedKeys() is { Count: > 0 } keys)
            {
                batch.Complete(keys, await read(keys));
            }
        }
        catch (Exception exception)
        {
            Close(batch);
            batch.Fail(exception);
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

    private sealed class Batch
    {
        private readonly Dictionary<TKey, PendingRow> _rows = [];
        private int _waiting;

        public int Keys => _rows.Count;

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
