using System.Data.Common;
using System.Text.Json;
using Analytics.Application.Periods;
using Analytics.Domain.Numbers;
using Analytics.Domain.Tasks;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Reads from SQLite: all runs by one statement, to which they travel as JSON.</summary>
internal sealed class SqlitePeriodReader : IPeriodReader
{
    private const int FirstMeasure = 4;

    public Task<IReadOnlyList<PeriodSum>> SumAsync(DbConnection connection, PeriodQuestion question, CancellationToken cancellationToken)
    {
        using var command = (SqliteCommand)connection.CreateCommand();
        command.CommandText = SqliteStatements.ReadPeriods;
        command.Parameters.AddWithValue("@OrganisationId", question.OrganisationId);
        command.Parameters.AddWithValue("@ProductId", question.ProductId);
        command.Parameters.AddWithValue("@Runs", JsonSerializer.Serialize(
            question.Runs.Select(run => new[] { run.SpaceId, (long)run.Grain, run.First.UnixMilliseconds, run.Last.UnixMilliseconds })));
        command.Parameters.AddWithValue("@Agents", question.Filter.Agents is { } agents ? JsonSerializer.Serialize(agents) : DBNull.Value);
        command.Parameters.AddWithValue("@Direction", question.Filter.Direction is { } direction ? Directions.Name(direction) : DBNull.Value);

        var sums = new List<PeriodSum>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var number = reader.GetInt32(0);
            var run = question.Runs[number];
            sums.Add(new PeriodSum(
                number,
                (reader.GetInt64(1) - run.First.UnixMilliseconds) / run.Step,
                question.ByAgent ? reader.GetString(2) : "",
                question.ByAgent ? reader.GetString(3) : "",
                Read(reader.Handle!)));
        }

        return Task.FromResult<IReadOnlyList<PeriodSum>>(sums);
    }

    /// <summary>Not through the reader, which takes twice as long to give a number: a long series has thousands of rows.</summary>
    private static Measures Read(sqlite3_stmt row) => new()
    {
        Interested = raw.sqlite3_column_int64(row, FirstMeasure),
        CallBack = raw.sqlite3_column_int64(row, FirstMeasure + 1),
        SendDetails = raw.sqlite3_column_int64(row, FirstMeasure + 2),
        NotInterested = raw.sqlite3_column_int64(row, FirstMeasure + 3),
        NotConnected = raw.sqlite3_column_int64(row, FirstMeasure + 4),
        CallsFailed = raw.sqlite3_column_int64(row, FirstMeasure + 5),
        CallsOther = raw.sqlite3_column_int64(row, FirstMeasure + 6),
        Pending = raw.sqlite3_column_int64(row, FirstMeasure + 7),
        InProgress = raw.sqlite3_column_int64(row, FirstMeasure + 8),
        Completed = raw.sqlite3_column_int64(row, FirstMeasure + 9),
        TasksFailed = raw.sqlite3_column_int64(row, FirstMeasure + 10),
        TasksOther = raw.sqlite3_column_int64(row, FirstMeasure + 11),
        ScoreSum = raw.sqlite3_column_int64(row, FirstMeasure + 12),
        ScoredCalls = raw.sqlite3_column_int64(row, FirstMeasure + 13),
        DurationSum = raw.sqlite3_column_int64(row, FirstMeasure + 14),
        TimedCalls = raw.sqlite3_column_int64(row, FirstMeasure + 15),
    };
}
