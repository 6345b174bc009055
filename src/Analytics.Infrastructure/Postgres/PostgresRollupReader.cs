using System.Data;
using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Infrastructure.Postgres;

/// <summary>Sums all ranges by one statement, which takes them as arrays.</summary>
internal sealed class PostgresRollupReader : IRollupReader
{
    public async Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            query.OrganisationId,
            query.ProductId,
            SpaceIds = query.Ranges.Select(range => range.SpaceId).ToArray(),
            Granularities = query.Ranges.Select(range => (int)range.Granularity).ToArray(),
            StartsAt = query.Ranges.Select(range => range.Start.UnixMilliseconds).ToArray(),
            EndsAt = query.Ranges.Select(range => range.End.UnixMilliseconds).ToArray(),
            BucketWidths = query.Ranges.Select(range => range.BucketWidth).ToArray(),
            query.ByAgent,
            Agents = query.Filter.Agents?.ToArray(),
            Direction = query.Filter.Direction is { } direction ? Directions.Name(direction) : null,
        };
        // Dapper's reader is disposed synchronously: its DisposeAsync does not dispose its command.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(PostgresStatements.SumRollups, parameters, query.Transaction, query.Transaction is null ? null : WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken));
        var sums = new List<RollupSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(new RollupSum(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), Measures.FromColumns(reader, 4, static (row, column) => row.GetInt64(column))));
        }

        return sums;
    }

    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
}
