namespace Analytics.Application.Storage;

/// <summary>The statements of a write that differ between database engines.</summary>
public interface ITaskStore
{
    /// <summary>
    /// How many tasks or rollups one transaction of a command changes: few where it makes the writers of all organisations wait.
    /// </summary>
    int BatchSize { get; }

    /// <summary>Acquires the engine's writer lease, if it has one, and begins a transaction.</summary>
    Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Whether the transaction was rolled back only because of a concurrent writer, so that a retry may succeed.</summary>
    bool IsTransientConflict(DbException exception);

    /// <summary>Whether a measure would have become negative.</summary>
    bool IsCheckViolation(DbException exception);

    /// <summary>Whether a write failed because its connection is read-only. The database, or another host of it, may not be.</summary>
    bool IsReadOnly(DbException exception);

    /// <summary>Whether a transaction that begins now could not write.</summary>
    Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken);

    /// <summary>Closes the pooled connections for writing: idle ones now, those in use when they are returned.</summary>
    void ClearPool();

    /// <summary>The stored tasks with these ids, including tombstones.</summary>
    Task<IEnumerable<StoredTaskRow>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken);

    Task UpsertTasksAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyCollection<StoredTask> inserted,
        IReadOnlyCollection<StoredTask> updated,
        CancellationToken cancellationToken);

    Task AddTotalsAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyDictionary<TotalsKey, Measures> deltas,
        CancellationToken cancellationToken);

    Task AddRollupsAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyDictionary<RollupKey, Measures> deltas,
        CancellationToken cancellationToken);
}
