using System.Text.Json;
using Analytics.Application.Rollups;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Reads rollups row by row. They are filtered, added up and ordered here.</summary>
internal sealed class SqliteRollupReader : IRollupReader
{
    public Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RollupSum>>(
        [
            .. from rollup in Read(connection, query, cancellationToken)
               let range = query.Ranges[rollup.RangeIndex]
               select new RollupSum(
                   rollup.RangeIndex, (rollup.Row.StartsAt - range.Start.UnixMilliseconds) / range.BucketWidth, rollup.Row.Measures),
        ]);

    public async Task<IReadOnlyList<GroupSum>> GroupAsync(
        DbConnection connection, RollupQuery query, Grouping grouping, CancellationToken cancellationToken)
    {
        var groups = new SqliteGroups(grouping);
        foreach (var (rangeIndex, row) in Read(connection, query, cancellationToken))
        {
            groups.Add(row, query.Ranges[rangeIndex].Signs);
        }

        var tokens = grouping.BySpace
            ? await connection.QueryAsync<(long Id, string Token)>(new CommandDefinition(
                SqliteRollupStatements.ReadSpaceTokens, new { query.OrganisationId }, cancellationToken: cancellationToken))
            : [];
        return groups.TakeLargest(tokens.ToDictionary());
    }

    public async Task<IReadOnlyDictionary<string, string>> ReadSpellingsAsync(
        DbConnection connection, long organisationId, string productId, IReadOnlyCollection<string> labels,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<(string Key, string Label)>(new CommandDefinition(
            SqliteRollupStatements.ReadSpellings,
            new { OrganisationId = organisationId, ProductId = productId, Labels = JsonSerializer.Serialize(labels) },
            cancellationToken: cancellationToken))).ToDictionary();

    // Not a transaction of the driver's: commands that were prepared before it fail in it.
    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition("BEGIN TRANSACTION", cancellationToken: cancellationToken));
        return new Snapshot(connection);
    }

    // One statement, executed for all ranges of one space, granularity and length. A row is valid until the next one is read.
    private static IEnumerable<(int RangeIndex, SqliteRollupRow Row)> Read(
        DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        using var command = (SqliteCommand)connection.CreateCommand();
        command.CommandText = SqliteRollupStatements.Select(query.Index);
        command.Parameters.AddWithValue("@OrganisationId", query.OrganisationId);
        command.Parameters.AddWithValue("@ProductId", query.ProductId);
        command.Parameters.AddWithValue("@Agents", JsonSerializer.Serialize(query.Filter.Agents ?? []));
        command.Parameters.AddWithValue("@RunId", query.Filter.RunId ?? "");
        var spaceId = command.Parameters.Add("@SpaceId", SqliteType.Integer);
        var granularity = command.Parameters.Add("@Granularity", SqliteType.Integer);
        var length = command.Parameters.Add("@Length", SqliteType.Integer);
        var rangeStarts = command.Parameters.Add("@RangeStarts", SqliteType.Text);
        foreach (var ranges in query.IndexRanges.GroupBy(part => (part.SpaceId, query.Ranges[part.RangeIndex].Granularity,
            Length: query.Ranges[part.RangeIndex].End.UnixMilliseconds - query.Ranges[part.RangeIndex].Start.UnixMilliseconds)))
        {
            var rangeIndexes = ranges.Select(part => part.RangeIndex).ToList();
            spaceId.Value = ranges.Key.SpaceId;
            granularity.Value = (int)ranges.Key.Granularity;
            length.Value = ranges.Key.Length;
            rangeStarts.Value = JsonSerializer.Serialize(rangeIndexes.Select(index => query.Ranges[index].Start.UnixMilliseconds));
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                query.Rows.Take(1);
                var row = new SqliteRollupRow(reader.Handle!);
                if (IsSelected(row, query))
                {
                    yield return (rangeIndexes[row.RangeKey], row);
                }
            }
        }
    }

    // What the index does not decide: the key begins with the space, and only the other rollups have agents and runs.
    private static bool IsSelected(SqliteRollupRow row, RollupQuery query) =>
        (query.Filter.Direction is not { } direction || row.Direction == Directions.Name(direction))
        && (query.Index == RollupIndex.Key
            || (query.SpaceIds.Contains(row.SpaceId)
                && (query.Filter.RunId is not { } run || row.Member == run)
                && (query.Filter.Agents is not { } agents || agents.Contains(row.Agent))));

    private sealed class Snapshot(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await connection.ExecuteAsync("ROLLBACK TRANSACTION");
    }
}
