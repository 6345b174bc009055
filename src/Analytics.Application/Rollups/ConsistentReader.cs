using Analytics.Application.Organisations;

namespace Analytics.Application.Rollups;

/// <summary>Runs several statements whose results must belong to one version of the organisation.</summary>
internal sealed class ConsistentReader(IRollupReader reader, DbDataSource database)
{
    private const int MaxAttempts = 3;

    /// <summary>
    /// Retries when <paramref name="tryRead"/> returns null because a write was committed between its statements. The last attempt reads
    /// in a snapshot, as writes may keep coming.
    /// </summary>
    /// <exception cref="ConcurrentChangeException">Every attempt met a write, on an engine without snapshots.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T?>> tryRead, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await using var snapshot = attempt == MaxAttempts ? await reader.BeginSnapshotAsync(connection, cancellationToken) : null;
            if (await tryRead(connection) is { } result)
            {
                return result;
            }
        }

        throw new ConcurrentChangeException();
    }
}
