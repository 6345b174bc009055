using System.Data;
using Analytics.Application.Rollups;

namespace Analytics.Infrastructure.Postgres;

/// <summary>Sums all ranges by one statement, which takes them as arrays.</summary>
internal sealed class PostgresRollupReader : IRollupReader
{
    public async Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var parameters = ToParameters(query);
        await RollupRows.CountAsync(connection, query, PostgresRollupStatements.Count(query.Index), parameters, cancellationToken);
        return await RollupRows.ReadSumsAsync(
            connection, PostgresRollupStatements.Sum(query.Index), parameters, cancellationToken);
    }

    public async Task<IReadOnlyList<GroupSum>> GroupAsync(
        DbConnection connection, RollupQuery query, Grouping grouping, CancellationToken cancellationToken)
    {
        var rollups = ToParameters(query);
        await RollupRows.CountAsync(connection, query, PostgresRollupStatements.Count(query.Index), rollups, cancellationToken);
        var parameters = PostgresTaskStore.MeasureArrays(grouping.Extra.Select(row => row.Measures), new
        {
            grouping.BySpace,
            grouping.ByMember,
            grouping.ByAgent,
            grouping.ByDirection,
            grouping.Limit,
            ExtraSpaceIds = grouping.Extra.Select(row => row.SpaceId).ToArray(),
            ExtraMembers = grouping.Extra.Select(row => row.Member).ToArray(),
            ExtraInWindow = grouping.Extra.Select(row => row.Signs.Window).ToArray(),
            ExtraInCurrent = grouping.Extra.Select(row => row.Signs.Current).ToArray(),
            ExtraInEarlier = grouping.Extra.Select(row => row.Signs.Earlier).ToArray(),
        });
        parameters.AddDynamicParams(rollups);
        var sql = PostgresRollupStatements.Group(query.Index, grouping.IsCompared);
        return await RollupRows.ReadGroupsAsync(connection, sql, parameters, grouping.IsCompared, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, string>> ReadSpellingsAsync(
        DbConnection connection, long organisationId, string productId, IReadOnlyCollection<string> labels,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<(string Key, string Label)>(new CommandDefinition(
            PostgresRollupStatements.ReadSpellings,
            new { OrganisationId = organisationId, ProductId = productId, Labels = labels.ToArray() },
            cancellationToken: cancellationToken))).ToDictionary();

    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    private static object ToParameters(RollupQuery query)
    {
        var indexRanges = query.IndexRanges.Select(part => (part.RangeIndex, part.SpaceId, Range: query.Ranges[part.RangeIndex])).ToList();
        return new
        {
            query.OrganisationId,
            query.ProductId,
            MaxRows = query.Rows.Remaining,
            RangeIndexes = indexRanges.Select(part => part.RangeIndex).ToArray(),
            RangeSpaceIds = indexRanges.Select(part => part.SpaceId).ToArray(),
            Granularities = indexRanges.Select(part => (int)part.Range.Granularity).ToArray(),
            StartsAt = indexRanges.Select(part => part.Range.Start.UnixMilliseconds).ToArray(),
            EndsAt = indexRanges.Select(part => part.Range.End.UnixMilliseconds).ToArray(),
            BucketWidths = indexRanges.Select(part => part.Range.BucketWidth).ToArray(),
            InWindow = indexRanges.Select(part => part.Range.Signs.Window).ToArray(),
            InCurrent = indexRanges.Select(part => part.Range.Signs.Current).ToArray(),
            InEarlier = indexRanges.Select(part => part.Range.Signs.Earlier).ToArray(),
            SpaceIds = query.SpaceIds.ToArray(),
            query.Filter.RunId,
            Agents = query.Filter.Agents?.ToArray(),
            Direction = query.Filter.Direction is { } direction ? Directions.Name(direction) : null,
        };
    }
}
