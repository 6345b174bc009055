using System.Text.Json;
using Analytics.Application.Rollups;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>
/// Reads all ranges of one space, granularity and length by one statement, to which SQLite reads them from JSON.
/// </summary>
internal sealed class SqliteRollupReader : IRollupReader
{
    private const int FirstMeasure = 4;

    public Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var agents = query.Filter.Agents is { } given ? JsonSerializer.Serialize(given) : null;
        var direction = query.Filter.Direction is { } one ? Directions.Name(one) : null;
        var sums = new List<RollupSum>();
        foreach (var ranges in query.Ranges.Index().GroupBy(
            range => (range.Item.SpaceId, range.Item.Granularity,
                Length: range.Item.End.UnixMilliseconds - range.Item.Start.UnixMilliseconds)))
        {
            var rangeIndexes = ranges.Select(range => range.Index).ToList();
            using var command = (SqliteCommand)connection.CreateCommand();
            command.CommandText = SqliteStatements.ReadRollups;
            command.Parameters.AddWithValue("@OrganisationId", query.OrganisationId);
            command.Parameters.AddWithValue("@ProductId", query.ProductId);
            command.Parameters.AddWithValue("@SpaceId", ranges.Key.SpaceId);
            command.Parameters.AddWithValue("@Granularity", (int)ranges.Key.Granularity);
            command.Parameters.AddWithValue("@Length", ranges.Key.Length);
            command.Parameters
                .AddWithValue("@RangeStarts", JsonSerializer.Serialize(ranges.Select(range => range.Item.Start.UnixMilliseconds)));
            command.Parameters.AddWithValue("@Agents", agents ?? (object)DBNull.Value);
            command.Parameters.AddWithValue("@Direction", direction ?? (object)DBNull.Value);
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
                    query.ByAgent ? reader.GetString(2) : "",
                    query.ByAgent ? reader.GetString(3) : "",
                    Measures.FromColumns(reader.Handle!, FirstMeasure, static (row, column) => raw.sqlite3_column_int64(row, column))));
            }
        }

        return Task.FromResult<IReadOnlyList<RollupSum>>(sums);
    }

    // Not a transaction of the driver's: commands that were prepared before it fail in it.
    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition("BEGIN TRANSACTION", cancellationToken: cancellationToken));
        return new Snapshot(connection);
    }

    private sealed class Snapshot(DbConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await connection.ExecuteAsync("ROLLBACK TRANSACTION");
    }
}
