namespace Analytics.Application.Rollups;

/// <summary>Sums many ranges of rollups in as few statements as the engine allows; one implementation per database engine.</summary>
public interface IRollupReader
{
    /// <summary>Sums every bucket of every range. A bucket may be returned in several parts, or not at all if it has no rows.</summary>
    Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Makes all statements of the connection read one snapshot until the result is disposed of. Null where the engine's snapshots
    /// are not enabled.
    /// </summary>
    Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);
}

/// <remarks>
/// Only the agents and the direction of <c>Filter</c> are used; the space is in each range. With <c>ByAgent</c>, each agent and
/// direction has its own sum.
/// </remarks>
public sealed record RollupQuery(
    long OrganisationId,
    string ProductId,
    IReadOnlyList<RollupRange> Ranges,
    TaskFilter Filter,
    bool ByAgent,
    DbTransaction? Transaction = null);

/// <summary>A range of rollups of one granularity. Each bucket of <c>BucketWidth</c> milliseconds is summed by itself.</summary>
public sealed record RollupRange(long SpaceId, Granularity Granularity, Timestamp Start, Timestamp End, long BucketWidth);

/// <summary>The sum of one bucket, or a part of it. Agent and direction are <c>''</c> where they are combined.</summary>
public sealed record RollupSum(int RangeIndex, long BucketIndex, string Agent, string Direction, Measures Measures);
