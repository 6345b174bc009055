using System.Text.Json;
using Analytics.Application.Rollups;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Takes ranges as JSON. Sums are added up here: SQLite would sort the rollups first.</summary>
internal sealed class SqliteRollupReader : IRollupReader
{
    private const int FirstMeasure = 2;

    /// <summary>Reads all ranges of one space, granularity and length by one statement.</summary>
    public Task<RollupSums> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var sums = new List<RollupSum>();
        foreach (var ranges in query.IndexRanges.GroupBy(part => (part.SpaceId, query.Ranges[part.RangeIndex].Granularity,
            Length: query.Ranges[part.RangeIndex].End.UnixMilliseconds - query.Ranges[part.RangeIndex].Start.UnixMilliseconds)))
        {
            var rangeIndexes = ranges.Select(part => part.RangeIndex).ToList();
            using var command = (SqliteCommand)connection.CreateCommand();
            command.CommandText = SqliteRollupStatements.Select(query.Index);
            AddParameters(command, query, query.MaxRows - sums.Count);
            command.Parameters.AddWithValue("@SpaceId", ranges.Key.SpaceId);
            command.Parameters.AddWithValue("@Granularity", (int)ranges.Key.Granularity);
            command.Parameters.AddWithValue("@Length", ranges.Key.Length);
            command.Parameters.AddWithValue(
                "@RangeStarts", JsonSerializer.Serialize(rangeIndexes.Select(index => query.Ranges[index].Start.UnixMilliseconds)));

            // The measures are read with SQLite's own API: the driver's reader takes twice as long, and a long series
            // has thousands of rows.
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rangeIndex = rangeIndexes[reader.GetInt32(0)];
                var range = query.Ranges[rangeIndex];
                sums.Add(new RollupSum(
                    rangeIndex,
                    (reader.GetInt64(1) - range.Start.UnixMilliseconds) / range.BucketWidth,
                    Measures.FromColumns(reader.Handle!, FirstMeasure, static (row, column) => raw.sqlite3_column_int64(row, column))));
            }

            TooManyRowsException.ThrowIfMore(sums.Count, query.MaxRows);
        }

        return Task.FromResult(new RollupSums(sums, sums.Count));
    }

    public async Task<GroupSums> GroupAsync(
        DbConnection connection, RollupQuery query, Grouping grouping, CancellationToken cancellationToken)
    {
        var ranges =
            from part in query.IndexRanges
            let range = query.Ranges[part.RangeIndex]
            select new[]
            {
                part.SpaceId, (long)range.Granularity, range.Start.UnixMilliseconds, range.End.UnixMilliseconds,
                range.Signs.Window, range.Signs.Current, range.Signs.Earlier,
            };
        var extra = grouping.Extra.Select(row => (object[])
        [
            row.SpaceId, row.Member, row.Signs.Window, row.Signs.Current, row.Signs.Earlier,
            .. row.Measures.Columns.Select(column => (object)column.Value),
        ]);
        var parameters = new
        {
            query.OrganisationId,
            query.ProductId,
            query.MaxRows,
            Ranges = JsonSerializer.Serialize(ranges),
            Extra = JsonSerializer.Serialize(extra),
            SpaceIds = JsonSerializer.Serialize(query.SpaceIds),
            Agents = SerializeAgents(query),
            Direction = NameDirection(query),
            query.Filter.RunId,
            grouping.BySpace,
            grouping.ByMember,
            grouping.ByAgent,
            grouping.ByDirection,
            grouping.Limit,
        };
        var rows = await RollupRows.CountAsync(
            connection, SqliteRollupStatements.Count(query.Index), parameters, query.MaxRows, cancellationToken);
        var sql = SqliteRollupStatements.Group(query.Index, grouping.IsCompared);
        return new(await RollupRows.ReadGroupsAsync(connection, sql, parameters, grouping.IsCompared, cancellationToken), rows);
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

    private static void AddParameters(SqliteCommand command, RollupQuery query, long maxRows)
    {
        command.Parameters.AddWithValue("@OrganisationId", query.OrganisationId);
        command.Parameters.AddWithValue("@ProductId", query.ProductId);
        command.Parameters.AddWithValue("@MaxRows", maxRows);
        command.Parameters.AddWithValue("@SpaceIds", JsonSerializer.Serialize(query.SpaceIds));
        command.Parameters.AddWithValue("@Agents", SerializeAgents(query) ?? (object)DBNull.Value);
        command.Parameters.AddWithValue("@Direction", NameDirection(query) ?? (object)DBNull.Value);
        command.Parameters.AddWithValue("@RunId", query.Filter.RunId ?? (object)DBNull.Value);
    }

    private static string? SerializeAgents(RollupQuery query) =>
        query.Filter.Agents is { } agents ? JsonSerializer.Serialize(agents) : null;

    private static string? NameDirection(RollupQuery query) =>
        query.Filter.Direction is { } direction ? Directions.Name(direction) : null;

    private sealed class Snapshot(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await connection.ExecuteAsync("ROLLBACK TRANSACTION");
    }
}
