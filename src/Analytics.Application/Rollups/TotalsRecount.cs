using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Compares the totals with the sums of the rollups of days.</summary>
internal sealed class TotalsRecount(DbConnection connection, DbTransaction? transaction, long organisationId)
{
    // One statement, so that no write comes between its two halves.
    private const string Sql =
        $"""
        SELECT CAST(0 AS BIGINT) AS IsSum, r.space_id AS SpaceId, r.product_id AS ProductId,
               {MeasureColumns.RollupSums}
          FROM task_totals r
         WHERE r.organisation_id = @OrganisationId
         GROUP BY r.space_id, r.product_id
         UNION ALL
        SELECT CAST(1 AS BIGINT) AS IsSum, r.space_id AS SpaceId, r.product_id AS ProductId,
               {MeasureColumns.RollupSums}
          FROM task_rollups r
         WHERE r.organisation_id = @OrganisationId
           AND r.space_id <> @AllSpaces
           AND r.granularity = @Days
         GROUP BY r.space_id, r.product_id
        """;

    // Both empty while the rollups are incomplete, as nothing can be compared.
    public async Task<(Dictionary<TotalsKey, Measures> Stored, Dictionary<TotalsKey, Measures> Recounted)> ReadAsync(
        RollupState state, CancellationToken cancellationToken)
    {
        if (!state.IsComplete)
        {
            return ([], []);
        }

        var parameters = new { OrganisationId = organisationId, RollupKey.AllSpaces, Days = (int)Granularity.Day };
        var command = new CommandDefinition(
            Sql, parameters, transaction, WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken);
        var totals = (await connection.QueryAsync<TotalsRow, Measures, (TotalsRow Row, Measures Measures)>(
            command, (row, measures) => (row, measures), splitOn: nameof(Measures.Interested)))
            .ToLookup(total => total.Row.IsSum, total => (new TotalsKey(total.Row.SpaceId, total.Row.ProductId), total.Measures));
        return (totals[0].ToDictionary(), totals[1].ToDictionary());
    }

    public static List<Difference> Compare(Dictionary<TotalsKey, Measures> stored, Dictionary<TotalsKey, Measures> recounted) =>
    [
        .. from key in stored.Keys.Union(recounted.Keys).OrderBy(key => key.SpaceId).ThenBy(key => key.ProductId, StringComparer.Ordinal)
           let columns = stored.GetValueOrDefault(key, Measures.Zero).Columns.Zip(recounted.GetValueOrDefault(key, Measures.Zero).Columns)
           from column in columns
           where column.First.Value != column.Second.Value
           select new Difference(key.SpaceId, key.ProductId, column.First.Name, column.First.Value, column.Second.Value),
    ];

    private sealed record TotalsRow
    {
        public long IsSum { get; init; }

        public long SpaceId { get; init; }

        public string ProductId { get; init; } = "";
    }
}
