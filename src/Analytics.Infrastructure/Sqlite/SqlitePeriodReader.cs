using System.Data.Common;
using System.Text.Json;
using Analytics.Application.Periods;
using Analytics.Domain.Numbers;
using Analytics.Domain.Tasks;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Adds up in SQLite: run by run, by one command.</summary>
internal sealed class SqlitePeriodReader : IPeriodReader
{
    public Task<IReadOnlyList<PeriodSum>> SumAsync(DbConnection connection, PeriodQuestion question, CancellationToken cancellationToken)
    {
        using var command = (SqliteCommand)connection.CreateCommand();
        command.CommandText = SqliteStatements.SumPeriods;
        command.Parameters.AddWithValue("@OrganisationId", question.OrganisationId);
        command.Parameters.AddWithValue("@ProductId", question.ProductId);
        command.Parameters.AddWithValue("@ByAgent", question.ByAgent);
        command.Parameters.AddWithValue("@Agents", question.Filter.Agents is { } agents ? JsonSerializer.Serialize(agents) : DBNull.Value);
        command.Parameters.AddWithValue("@Direction", question.Filter.Direction is { } direction ? Directions.Name(direction) : DBNull.Value);
        var spaceId = command.Parameters.Add("@SpaceId", SqliteType.Integer);
        var grain = command.Parameters.Add("@Grain", SqliteType.Integer);
        var firstAt = command.Parameters.Add("@FirstAt", SqliteType.Integer);
        var lastAt = command.Parameters.Add("@LastAt", SqliteType.Integer);
        var step = command.Parameters.Add("@Step", SqliteType.Integer);

        var sums = new List<PeriodSum>();
        foreach (var (number, run) in question.Runs.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            spaceId.Value = run.SpaceId;
            grain.Value = (int)run.Grain;
            firstAt.Value = run.First.UnixMilliseconds;
            lastAt.Value = run.Last.UnixMilliseconds;
            step.Value = run.Step;
            using var reader = command.ExecuteReader();
            var measures = reader.GetRowParser<Measures>(startIndex: 3);
            while (reader.Read())
            {
                sums.Add(new PeriodSum(number, reader.GetInt64(0), reader.GetString(1), reader.GetString(2), measures(reader)));
            }
        }

        return Task.FromResult<IReadOnlyList<PeriodSum>>(sums);
    }
}
