using Analytics.Application.Rollups;

namespace Analytics.Infrastructure;

/// <summary>Reads the rows of statements that sum rollups, by position: Dapper would box each number.</summary>
internal static class RollupRows
{
    private const int MeasureCount = 16;

    // Range, bucket, number of rollups, measures.
    public static async Task<RollupSums> ReadSumsAsync(
        DbConnection connection, string sql, object parameters, long maxRows, CancellationToken cancellationToken)
    {
        // Dapper's reader is disposed synchronously: its DisposeAsync does not dispose its command.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        var sums = new List<RollupSum>();
        var rows = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            rows += reader.GetInt64(2);
            sums.Add(new RollupSum(reader.GetInt32(0), reader.GetInt64(1), ReadMeasures(reader, first: 3)));
        }

        TooManyRowsException.ThrowIfMore(rows, maxRows);
        return new(sums, rows);
    }

    public static async Task<long> CountAsync(
        DbConnection connection, string sql, object parameters, long maxRows, CancellationToken cancellationToken)
    {
        var rows = await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        TooManyRowsException.ThrowIfMore(rows, maxRows);
        return rows;
    }

    // Space, member, agent, direction, calls and tasks, measures; if compared, the measures of two more windows.
    public static async Task<IReadOnlyList<GroupSum>> ReadGroupsAsync(
        DbConnection connection, string sql, object parameters, bool isCompared, CancellationToken cancellationToken)
    {
        const int FirstMeasure = 6;
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        var groups = new List<GroupSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            groups.Add(new GroupSum(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                ReadMeasures(reader, FirstMeasure),
                isCompared ? ReadMeasures(reader, FirstMeasure + MeasureCount) : Measures.Zero,
                isCompared ? ReadMeasures(reader, FirstMeasure + (2 * MeasureCount)) : Measures.Zero));
        }

        return groups;
    }

    private static Measures ReadMeasures(DbDataReader reader, int first) =>
        Measures.FromColumns(reader, first, static (row, column) => row.GetInt64(column));
}
