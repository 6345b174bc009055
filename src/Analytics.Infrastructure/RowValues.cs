namespace Analytics.Infrastructure;

/// <summary>The values of a row of measures in the order of its columns, without the organisation.</summary>
internal static class RowValues
{
    public static object?[] Of(TotalsKey key, Measures measures) => [key.SpaceId, key.ProductId, .. Of(measures)];

    public static object?[] Of(RollupKey key, Measures measures) =>
    [
        key.SpaceId, key.ProductId, (int)key.Granularity, key.Start.UnixMilliseconds, key.Member, key.Agent,
        Directions.Name(key.Direction),
        .. Of(measures),
    ];

    private static IEnumerable<object> Of(Measures measures) => measures.Columns.Select(column => (object)column.Value);
}
