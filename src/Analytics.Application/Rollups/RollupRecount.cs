using System.Runtime.CompilerServices;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Compares the stored rollups of one product with recounted ones.</summary>
/// <param name="connection">All its statements read one state of the database.</param>
internal sealed class RollupRecount(DbConnection connection, DbTransaction? transaction, long organisationId, string productId)
{
    private const int FirstMeasure = 4;

    private const string RowsSql =
        $"""
        SELECT r.starts_at, r.member, r.agent, r.direction, {MeasureColumns.Rollup}
          FROM task_rollups r
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id = @SpaceId
           AND r.product_id = @ProductId
           AND r.granularity = @Granularity
           AND r.starts_at >= @Start
           AND r.starts_at < @End
        """;

    /// <summary>What each inconsistent rollup lacks; negative where it has too much.</summary>
    public async Task<IReadOnlyList<(RollupKey Key, Measures Missing)>> FindDifferencesAsync(
        RecountedRollups recounted, IEnumerable<long> storedSpaceIds, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<RollupKey, Measures>();
        foreach (var spaceId in storedSpaceIds.Union(recounted.Sums.Keys.Select(key => key.SpaceId)))
        {
            foreach (var granularity in recounted.Granularities)
            {
                await foreach (var (key, measures) in ReadAsync(spaceId, granularity, recounted.Start, recounted.End, cancellationToken))
                {
                    stored[key] = measures;
                }
            }
        }

        return
        [
            .. from key in recounted.Sums.Keys.Union(stored.Keys)
               let missing = recounted.Sums.GetValueOrDefault(key, Measures.Zero) - stored.GetValueOrDefault(key, Measures.Zero)
               where missing != Measures.Zero
               select (key, missing),
        ];
    }

    /// <summary>What each rollup of a month lacks to be the sum of the month's days.</summary>
    public async Task<IReadOnlyList<(RollupKey Key, Measures Missing)>> FindMonthDifferencesAsync(
        Timestamp month, IEnumerable<long> storedSpaceIds, CancellationToken cancellationToken)
    {
        var end = Granularities.EndOf(Granularity.AgentMonth, month);
        var differences = new List<(RollupKey, Measures)>();
        foreach (var spaceId in storedSpaceIds)
        {
            foreach (var (day, wholeMonth) in Granularities.MonthsWithDays)
            {
                var missing = new Dictionary<RollupKey, Measures>();
                await foreach (var (key, measures) in ReadAsync(spaceId, day, month, end, cancellationToken))
                {
                    var monthKey = key with { Granularity = wholeMonth, Start = month };
                    missing[monthKey] = missing.GetValueOrDefault(monthKey, Measures.Zero) + measures;
                }

                await foreach (var (key, measures) in ReadAsync(spaceId, wholeMonth, month, end, cancellationToken))
                {
                    missing[key] = missing.GetValueOrDefault(key, Measures.Zero) - measures;
                }

                differences.AddRange(missing.Where(pair => pair.Value != Measures.Zero).Select(pair => (pair.Key, pair.Value)));
            }
        }

        return differences;
    }

    private async IAsyncEnumerable<(RollupKey Key, Measures Measures)> ReadAsync(
        long spaceId, Granularity granularity, Timestamp start, Timestamp end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parameters = new
        {
            OrganisationId = organisationId,
            SpaceId = spaceId,
            ProductId = productId,
            Granularity = (int)granularity,
            Start = start.UnixMilliseconds,
            End = end.UnixMilliseconds,
        };

        // Dapper's reader is disposed synchronously: its DisposeAsync does not dispose its command.
        using var rows = await connection.ExecuteReaderAsync(new CommandDefinition(
            RowsSql, parameters, transaction, WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken));
        while (await rows.ReadAsync(cancellationToken))
        {
            var key = new RollupKey(
                spaceId, productId, granularity, new Timestamp(rows.GetInt64(0)), rows.GetString(1), rows.GetString(2),
                Directions.Parse(rows.GetString(3)));
            yield return (key, Measures.FromColumns(rows, FirstMeasure, static (row, column) => row.GetInt64(column)));
        }
    }
}
