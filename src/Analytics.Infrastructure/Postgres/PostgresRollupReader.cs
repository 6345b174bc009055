using System.Data;
using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Infrastructure.Postgres;

/// <summary>Adds up in PostgreSQL: all runs by one statement, to which they travel as arrays.</summary>
internal sealed class PostgresRollupReader : IRollupReader
{
    public async Task<IReadOnlyList<SegmentSum>> SumAsync(DbConnection connection, RollupQuery question, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            question.OrganisationId,
            question.ProductId,
            SpaceIds = question.Ranges.Select(run => run.SpaceId).ToArray(),
            Granularities = question.Ranges.Select(run => (int)run.Granularity).ToArray(),
            StartsAt = question.Ranges.Select(run => run.First.UnixMilliseconds).ToArray(),
            EndsAt = question.Ranges.Select(run => run.Last.UnixMilliseconds).ToArray(),
            BucketWidths = question.Ranges.Select(run => run.BucketWidth).ToArray(),
            question.ByAgent,
            Agents = question.Filter.Agents?.ToArray(),
            Direction = question.Filter.Direction is { } direction ? Directions.Name(direction) : null,
        };
        // Not awaited: Dapper's reader would leave its command behind.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(PostgresStatements.SumRollups, parameters, question.Transaction, question.Transaction is null ? null : WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken));
        var sums = new List<SegmentSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(new SegmentSum(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), Measures.FromColumns(reader, 4, static (row, column) => row.GetInt64(column))));
        }

        return sums;
    }

    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
}
