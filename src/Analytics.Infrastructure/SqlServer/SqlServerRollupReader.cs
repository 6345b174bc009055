using System.Data;
using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>Sums all ranges by one statement, which takes them as a table-valued parameter.</summary>
internal sealed class SqlServerRollupReader : IRollupReader
{
    internal static readonly TableType RollupRanges = new(
        "rollup_ranges",
        [
            new("range_index", SqlDbType.Int), new("space_id", SqlDbType.BigInt), new("granularity", SqlDbType.Int), new("starts_at", SqlDbType.BigInt),
            new("ends_at", SqlDbType.BigInt), new("bucket_width", SqlDbType.BigInt),
        ]);

    internal static readonly TableType AgentNames = new("agent_names", [new("agent", SqlDbType.NVarChar, 128)]);

    public async Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var ranges = query.Ranges.Index().Select(range => new object?[]
        {
            range.Index, range.Item.SpaceId, (int)range.Item.Granularity, range.Item.Start.UnixMilliseconds, range.Item.End.UnixMilliseconds, range.Item.BucketWidth,
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
        // Dapper's reader is disposed synchronously: its DisposeAsync does not dispose its command.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(SqlServerStatements.SumRollups, parameters, query.Transaction, query.Transaction is null ? null : WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken));
        var sums = new List<RollupSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(new RollupSum(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), Measures.FromColumns(reader, 4, static (row, column) => row.GetInt64(column))));
        }

        return sums;
    }

    // SNAPSHOT isolation needs ALLOW_SNAPSHOT_ISOLATION, which is not required of operators.
    public Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
}
