using System.Data.Common;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Storage;

/// <summary>How one database engine writes; all else about writing is the same everywhere.</summary>
public interface ITaskStore
{
    /// <summary>Waits for its turn among the engine's writers and begins a transaction.</summary>
    Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Whether a transaction was undone only because of another writer: run again, it may well succeed.</summary>
    bool IsTransientConflict(DbException exception);

    /// <summary>Whether a number was to become less than nothing.</summary>
    bool IsCheckViolation(DbException exception);

    /// <summary>What is stored of these tasks, tombstones too; tasks not seen yet are left out.</summary>
    Task<IReadOnlyDictionary<string, StoredTask>> ReadStoredAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken);

    /// <summary>Stores tasks: new ones, and others in the place of what is stored of them.</summary>
    Task UpsertTasksAsync(
        WriteTransaction transaction,
        long organisationId,
        IReadOnlyCollection<StoredTask> inserted,
        IReadOnlyCollection<StoredTask> updated,
        CancellationToken cancellationToken);

    /// <summary>Adds these measures to the totals, each at its place.</summary>
    Task AddTotalsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<TotalsKey, Measures> deltas, CancellationToken cancellationToken);

    /// <summary>Adds these measures to the periods, each at its place.</summary>
    Task AddRollupsAsync(
        WriteTransaction transaction, long organisationId, IReadOnlyDictionary<RollupKey, Measures> deltas, CancellationToken cancellationToken);

    /// <summary>The last of so many tasks, tombstones too, that come after one in the order of their ids; absent where none does.</summary>
    Task<string?> GetBatchUpperBoundAsync(WriteTransaction transaction, long organisationId, string after, long batchSize, CancellationToken cancellationToken);

    /// <summary>Erases so many periods, whatever they hold, and says how many it erased; where fewer are left, those may stay.</summary>
    Task<int> DeleteRollupsAsync(WriteTransaction transaction, long organisationId, long batchSize, CancellationToken cancellationToken);
}
