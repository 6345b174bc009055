using System.Data;
using Analytics.Application.Rollups;

namespace Analytics.Infrastructure.Postgres;

/// <summary>Sums all ranges by one statement, which takes them as arrays.</summary>
internal sealed class PostgresRollupReader : IRollupReader
{
    public Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken)
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
        return RollupSums.ReadAsync(connection, PostgresStatements.SumRollups, parameters, query.Transaction, cancellationToken);
    }

    public async Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
}
