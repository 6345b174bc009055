namespace Analytics.Application.Rollups;

/// <summary>Compares the stored rollups of one product with recounted ones.</summary>
/// <param name="connection">All its statements read one state of the database.</param>
internal sealed class RollupRecount(
    IRollupReader reader, DbConnection connection, DbTransaction? transaction, long organisationId, string productId)
{
    /// <summary>What each inconsistent rollup lacks; negative where it has too much.</summary>
    public async Task<IReadOnlyList<(RollupKey Key, Measures Missing)>> FindDifferencesAsync(
        RecountedRollups recounted, IEnumerable<long> storedSpaceIds, CancellationToken cancellationToken)
    {
        var spaceIds = storedSpaceIds.Union(recounted.Sums.Keys.Select(key => key.SpaceId)).ToList();
        var ranges =
            from spaceId in spaceIds
            from granularity in recounted.Granularities
            let width = Granularities.EndOf(granularity, recounted.Start).UnixMilliseconds - recounted.Start.UnixMilliseconds
            select new RollupRange(spaceId, granularity, recounted.Start, recounted.End, width);
        var stored = (await ReadAsync([.. ranges], cancellationToken)).ToDictionary();
        return
        [
            .. from key in recounted.Sums.Keys.Union(stored.Keys)
               let missing = recounted.Sums.GetValueOrDefault(key, Measures.Zero) - stored.GetValueOrDefault(key, Measures.Zero)
               where missing != Measures.Zero
               select (key, missing),
        ];
    }

    /// <summary>The number of rollups of a month that are not the sum of the month's days.</summary>
    public async Task<int> CountMonthDifferencesAsync(
        Timestamp month, IEnumerable<long> storedSpaceIds, CancellationToken cancellationToken)
    {
        var end = Granularities.EndOf(Granularity.AgentMonth, month);
        var width = end.UnixMilliseconds - month.UnixMilliseconds;
        var ranges =
            from spaceId in storedSpaceIds
            from granularity in new[] { Granularity.AgentDay, Granularity.AgentMonth }
            select new RollupRange(spaceId, granularity, month, end, width);
        var sums = (await ReadAsync([.. ranges], cancellationToken)).ToLookup(
            sum => sum.Key.Granularity, sum => (Key: sum.Key with { Granularity = Granularity.AgentMonth }, sum.Measures));
        var days = sums[Granularity.AgentDay].ToDictionary();
        var months = sums[Granularity.AgentMonth].ToDictionary();
        return days.Keys.Union(months.Keys).Count(key => days.GetValueOrDefault(key) != months.GetValueOrDefault(key));
    }

    private async Task<IEnumerable<(RollupKey Key, Measures Measures)>> ReadAsync(
        IReadOnlyList<RollupRange> ranges, CancellationToken cancellationToken)
    {
        if (ranges.Count == 0)
        {
            return [];
        }

        var query = new RollupQuery(organisationId, productId, ranges, TaskFilter.None, ByAgent: true, transaction);
        return from sum in await reader.SumAsync(connection, query, cancellationToken)
               where sum.Measures != Measures.Zero
               let range = ranges[sum.RangeIndex]
               let start = new Timestamp(range.Start.UnixMilliseconds + (sum.BucketIndex * range.BucketWidth))
               let key = new RollupKey(range.SpaceId, productId, range.Granularity, start, sum.Agent, Directions.Parse(sum.Direction))
               group sum.Measures by key into parts
               select (parts.Key, parts.Aggregate((left, right) => left + right));
    }
}
