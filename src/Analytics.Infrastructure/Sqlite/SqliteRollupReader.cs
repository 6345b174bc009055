using System.Data.Common;
using System.Text.Json;
using Analytics.Application.Rollups;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Reads from SQLite: runs of one space, granularity and length together, to which they travel as JSON.</summary>
internal sealed class SqliteRollupReader : IRollupReader
{
    private const int FirstMeasure = 4;

    public Task<IReadOnlyList<SegmentSum>> SumAsync(DbConnection connection, RollupQuery question, CancellationToken cancellationToken)
    {
        var agents = question.Filter.Agents is { } given ? JsonSerializer.Serialize(given) : null;
        var direction = question.Filter.Direction is { } one ? Directions.Name(one) : null;
        var sums = new List<SegmentSum>();
        foreach (var runs in question.Ranges.Index().GroupBy(run => (run.Item.SpaceId, run.Item.Granularity, Length: run.Item.Last.UnixMilliseconds - run.Item.First.UnixMilliseconds)))
        {
            var numbers = runs.Select(run => run.Index).ToList();
            using var command = (SqliteCommand)connection.CreateCommand();
            command.CommandText = SqliteStatements.ReadRollups;
            command.Parameters.AddWithValue("@OrganisationId", question.OrganisationId);
            command.Parameters.AddWithValue("@ProductId", question.ProductId);
            command.Parameters.AddWithValue("@SpaceId", runs.Key.SpaceId);
            command.Parameters.AddWithValue("@Granularity", (int)runs.Key.Granularity);
            command.Parameters.AddWithValue("@Length", runs.Key.Length);
            command.Parameters.AddWithValue("@RangeStarts", JsonSerializer.Serialize(runs.Select(run => run.Item.First.UnixMilliseconds)));
            command.Parameters.AddWithValue("@Agents", agents ?? (object)DBNull.Value);
            command.Parameters.AddWithValue("@Direction", direction ?? (object)DBNull.Value);
            // The numbers are read from SQLite itself: the driver's reader takes twice as long, and a long series has thousands of rows.
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var number = numbers[reader.GetInt32(0)];
                var run = question.Ranges[number];
                sums.Add(new SegmentSum(
                    number,
                    (reader.GetInt64(1) - run.First.UnixMilliseconds) / run.BucketWidth,
                    question.ByAgent ? reader.GetString(2) : "",
                    question.ByAgent ? reader.GetString(3) : "",
                    Measures.FromColumns(reader.Handle!, FirstMeasure, static (row, column) => raw.sqlite3_column_int64(row, column))));
            }
        }

        return Task.FromResult<IReadOnlyList<SegmentSum>>(sums);
    }

    /// <summary>Not by the driver's transaction: statements that were prepared before it would refuse to run in it.</summary>
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
