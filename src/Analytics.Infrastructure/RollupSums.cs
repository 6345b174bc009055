using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Infrastructure;

/// <summary>Reads the rows of a statement that sums ranges: range, bucket, agent, direction, and the measures in their order.</summary>
internal static class RollupSums
{
    private const int FirstMeasure = 4;

    public static async Task<IReadOnlyList<RollupSum>> ReadAsync(
        DbConnection connection, string sql, object parameters, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        int? timeout = transaction is null ? null : WriteTransaction.CommandTimeoutSeconds;

        // Dapper's reader is disposed synchronously: its DisposeAsync does not dispose its command.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, transaction, timeout, cancellationToken: cancellationToken));
        var sums = new List<RollupSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var measures = Measures.FromColumns(reader, FirstMeasure, static (row, column) => row.GetInt64(column));
            sums.Add(new RollupSum(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), measures));
        }

        return sums;
    }
}
