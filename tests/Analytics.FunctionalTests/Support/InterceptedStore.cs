using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.FunctionalTests.Support;

/// <summary>Runs a callback before each transaction.</summary>
internal sealed class InterceptedStore(ITaskStore store, Func<Task> beforeTransaction) : ITaskStore
{
    public int BatchSize { get; init; } = store.BatchSize;

    public async Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        await beforeTransaction();
        return await store.BeginAsync(cancellationToken);
    }

    public bool IsTransientConflict(DbException exception) => store.IsTransientConflict(exception);

    public bool IsCheckViolation(DbException exception) => store.IsCheckViolation(exception);

    public bool IsReadOnly(DbException exception) => store.IsReadOnly(exception);

    public Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken) => store.IsReadOnlyAsync(cancellationToken);

    public void ClearPool() => store.ClearPool();

    public Task<IEnumerable<StoredTaskRow>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        store.ReadStoredAsync(transaction, organisationId, taskIds, cancellationToken);

    public Task UpsertTasksAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyCollection<StoredTask> inserted,
        IReadOnlyCollection<StoredTask> updated,
        CancellationToken cancellationToken) =>
        store.UpsertTasksAsync(transaction, organisationId, inserted, updated, cancellationToken);

    public Task AddTotalsAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyDictionary<TotalsKey, Measures> deltas,
        CancellationToken cancellationToken) =>
        store.AddTotalsAsync(transaction, organisationId, deltas, cancellationToken);

    public Task AddRollupsAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyDictionary<RollupKey, Measures> deltas,
        CancellationToken cancellationToken) =>
        store.AddRollupsAsync(transaction, organisationId, deltas, cancellationToken);
}
