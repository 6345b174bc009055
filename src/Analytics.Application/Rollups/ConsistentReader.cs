using System.Data.Common;
using Analytics.Application.Organisations;

namespace Analytics.Application.Rollups;

/// <summary>Reads by several statements what must be of one version of the organisation.</summary>
internal sealed class ConsistentReader(IRollupReader reader, DbDataSource database)
{
    private const int MaxAttempts = 3;

    /// <summary>
    /// Reads again where a write came between the statements. The last time is by a snapshot, as writers may come faster than
    /// an answer is read.
    /// </summary>
    /// <param name="tryRead">Reads once, and says nothing where what it read is not of one version.</param>
    /// <param name="cancellationToken">Calls the reading off.</param>
    /// <exception cref="ConcurrentChangeException">It was of several every time, on an engine without snapshots.</exception>
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
