using System.Data;
using Analytics.Application.Rollups;
using Microsoft.Data.SqlClient.Server;

namespace Analytics.Infrastructure.SqlServer;

/// <summary>Sums all ranges by one statement, which takes them as a table-valued parameter.</summary>
internal sealed class SqlServerRollupReader : IRollupReader
{
    internal static readonly TableType RollupRanges = new(
        "rollup_ranges",
        [
            Int("range_index"), BigInt("space_id"), Int("granularity"), BigInt("starts_at"), BigInt("ends_at"), BigInt("bucket_width"),
            BigInt("in_window"), BigInt("in_current"), BigInt("in_earlier"),
        ]);

    internal static readonly TableType ExtraRows = new(
        "extra_rows",
        [
            Int("row_index"), BigInt("space_id"), new("member", SqlDbType.NVarChar, 128),
            BigInt("in_window"), BigInt("in_current"), BigInt("in_earlier"),
            .. Measures.Zero.Columns.Select(column => BigInt(column.Name)),
        ]);

    internal static readonly TableType SpaceIds = new("space_ids", [BigInt("space_id")]);

    internal static readonly TableType AgentNames = new("agent_names", [new("agent", SqlDbType.NVarChar, 128)]);

    internal static readonly TableType LabelNames = new("label_names", [new("label", SqlDbType.NVarChar, 100)]);

    private static readonly ExtraRow NoExtraRow = new(0, "", default, Measures.Zero);

    public async Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var parameters = ToParameters(query);
        await RollupRows.CountAsync(connection, query, SqlServerRollupStatements.Count(query.Index), parameters, cancellationToken);
        return await RollupRows.ReadSumsAsync(
            connection, SqlServerRollupStatements.Sum(query.Index), parameters, cancellationToken);
    }

    public async Task<IReadOnlyList<GroupSum>> GroupAsync(
        DbConnection connection, RollupQuery query, Grouping grouping, CancellationToken cancellationToken)
    {
        var parameters = ToParameters(query);
        await RollupRows.CountAsync(connection, query, SqlServerRollupStatements.Count(query.Index), parameters, cancellationToken);
        parameters.AddDynamicParams(new
        {
            grouping.BySpace,
            grouping.ByMember,
            grouping.ByAgent,
            grouping.ByDirection,
            grouping.Limit,
            Extra = ExtraRows.ToParameter(
                grouping.Extra.Index().Append((-1, NoExtraRow)).Select(row => ToRow(row.Item1, row.Item2))),
        });
        var sql = SqlServerRollupStatements.Group(query.Index, grouping.IsCompared);
        return await RollupRows.ReadGroupsAsync(connection, sql, parameters, grouping.IsCompared, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, string>> ReadSpellingsAsync(
        DbConnection connection, long organisationId, string productId, IReadOnlyCollection<string> labels,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<(string Key, string Label)>(new CommandDefinition(
            SqlServerRollupStatements.ReadSpellings,
            new
            {
                OrganisationId = organisationId,
                ProductId = productId,
                Labels = LabelNames.ToParameter(labels.Select(label => new object?[] { label })),
            },
            cancellationToken: cancellationToken))).ToDictionary();

    // Not a transaction of SqlClient's: it rejects commands that do not carry it.
    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(SqlServerStatements.BeginSnapshot, cancellationToken: cancellationToken);
        return await connection.ExecuteScalarAsync<int>(command) == 1 ? new Snapshot(connection) : null;
    }

    private static DynamicParameters ToParameters(RollupQuery query)
    {
        var ranges =
            from part in query.IndexRanges
            let range = query.Ranges[part.RangeIndex]
            select new object?[]
            {
                part.RangeIndex, part.SpaceId, (int)range.Granularity, range.Start.UnixMilliseconds, range.End.UnixMilliseconds,
                range.BucketWidth, range.Signs.Window, range.Signs.Current, range.Signs.Earlier,
            };

        // SqlClient cannot send a table without rows.
        return new DynamicParameters(new
        {
            query.OrganisationId,
            query.ProductId,
            MaxRows = query.Rows.Remaining,
            Ranges = RollupRanges.ToParameter(ranges.DefaultIfEmpty([0, RollupKey.AllSpaces, 0, 0L, 0L, 1L, 0L, 0L, 0L])),
            SpaceIds = SpaceIds.ToParameter(query.SpaceIds.DefaultIfEmpty(RollupKey.AllSpaces).Select(id => new object?[] { id })),
            RunId = query.Filter.RunId ?? "",
            AnyRun = query.Filter.RunId is null,
            AnyAgent = query.Filter.Agents is null,
            AgentNames = AgentNames.ToParameter((query.Filter.Agents ?? [""]).Select(agent => new object?[] { agent })),
            AnyDirection = query.Filter.Direction is null,
            Direction = Directions.Name(query.Filter.Direction ?? Direction.None),
        });
    }

    private static object?[] ToRow(int index, ExtraRow row) =>
    [
        index, row.SpaceId, row.Member, row.Signs.Window, row.Signs.Current, row.Signs.Earlier,
        .. row.Measures.Columns.Select(column => (object)column.Value),
    ];

    private static SqlMetaData Int(string name) => new(name, SqlDbType.Int);

    private static SqlMetaData BigInt(string name) => new(name, SqlDbType.BigInt);

    private sealed class Snapshot(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await connection.ExecuteAsync(SqlServerStatements.EndSnapshot);
    }
}
