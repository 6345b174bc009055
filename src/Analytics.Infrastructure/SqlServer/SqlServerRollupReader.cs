using System.Data;
using Analytics.Application.Rollups;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>Sums all ranges by one statement, which takes them as a table-valued parameter.</summary>
internal sealed class SqlServerRollupReader : IRollupReader
{
    internal static readonly TableType RollupRanges = new(
        "rollup_ranges",
        [
            new("range_index", SqlDbType.Int), new("space_id", SqlDbType.BigInt), new("granularity", SqlDbType.Int),
            new("starts_at", SqlDbType.BigInt),
            new("ends_at", SqlDbType.BigInt), new("bucket_width", SqlDbType.BigInt),
        ]);

    internal static readonly TableType AgentNames = new("agent_names", [new("agent", SqlDbType.NVarChar, 128)]);

    public Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var ranges = query.Ranges.Index().Select(range => new object?[]
        {
            range.Index, range.Item.SpaceId, (int)range.Item.Granularity, range.Item.Start.UnixMilliseconds,
            range.Item.End.UnixMilliseconds, range.Item.BucketWidth,
        });
        var parameters = new
        {
            query.OrganisationId,
            query.ProductId,
            Ranges = RollupRanges.ToParameter(ranges),
            query.ByAgent,
            // SqlClient cannot send a table without rows.
            AnyAgent = query.Filter.Agents is null,
            AgentNames = AgentNames.ToParameter((query.Filter.Agents ?? [""]).Select(agent => new object?[] { agent })),
            AnyDirection = query.Filter.Direction is null,
            Direction = Directions.Name(query.Filter.Direction ?? Direction.None),
        };
        return RollupSums.ReadAsync(connection, SqlServerStatements.SumRollups, parameters, query.Transaction, cancellationToken);
    }

    // SNAPSHOT isolation needs ALLOW_SNAPSHOT_ISOLATION, which is not required of operators.
    public Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(null);
}
