using Analytics.Application.Rollups;

namespace Analytics.Infrastructure;

/// <summary>Reads the rows of statements that sum rollups, by position: Dapper would box each number.</summary>
internal static class RollupRows
{
    public const int MeasureCount = 16;

    // Before they are read: the sums do not tell how many rollups they are of.
    public static async Task CountAsync(
        DbConnection connection, RollupQuery query, string sql, object parameters, CancellationToken cancellationToken) =>
        query.Rows.Take(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            sql, parameters, cancellationToken: cancellationToken)));

    // Range, bucket, measures.
    public static async Task<IReadOnlyList<RollupSum>> ReadSumsAsync(
        DbConnection connection, string sql, object parameters, CancellationToken cancellationToken)
    {
        // Dapper's reader is disposed synchronously: its DisposeAsync does not dispose its command.
        using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        var sums = new List<RollupSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(new RollupSum(reader.GetInt32(0), reader.GetInt64(1), ReadMeasures(reader, first: 2)));
        }

        return sums;
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
