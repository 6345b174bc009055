using System.Data;
using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Infrastructure.Postgres;

/// <summary>Adds up in PostgreSQL: all runs by one statement, to which they travel as arrays.</summary>
internal sealed class PostgresPeriodReader : IPeriodReader
{
    public async Task<IReadOnlyList<PeriodSum>> SumAsync(DbConnection connection, PeriodQuestion question, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            question.OrganisationId,
            question.ProductId,
            SpaceIds = question.Runs.Select(run => run.SpaceId).ToArray(),
            Granularities = question.Runs.Select(run => (int)run.Grain).ToArray(),
            StartsAt = question.Runs.Select(run => run.First.UnixMilliseconds).ToArray(),
            EndsAt = question.Runs.Select(run => run.Last.UnixMilliseconds).ToArray(),
            BucketWidths = question.Runs.Select(run => run.Step).ToArray(),
            question.ByAgent,
            Agents = question.Filter.Agents?.ToArray(),
            Direction = question.Filter.Direction is { } direction ? Directions.Name(direction) : null,
        };
        // Not awaited: Dapper's reader would leave its command behind.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(PostgresStatements.SumPeriods, parameters, question.Transaction, question.Transaction is null ? null : WriteTransaction.StatementSeconds, cancellationToken: cancellationToken));
        var sums = new List<PeriodSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(new PeriodSum(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), Measures.FromColumns(reader, 4, static (row, column) => row.GetInt64(column))));
        }

        return sums;
    }

    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
}
