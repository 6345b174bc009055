using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>Counts an organisation's rollups that are inconsistent with its tasks, day by day.</summary>
public sealed class RollupRecount(IRollupReader reader)
{
    private const string SpacesSql = "SELECT DISTINCT space_id FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string CountNonZeroSql =
        """
        SELECT CAST(COUNT(*) AS BIGINT)
          FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND pending + in_progress + completed + tasks_failed + tasks_other <> 0
        """;

    private static readonly IReadOnlyList<Granularity> DailyGranularities =
        [.. Granularities.Combined, Granularity.AgentQuarterHour, Granularity.AgentDay];

    // Null while the rollups are stale, as no query reads them.
    internal async Task<long?> CountDifferencesAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var state = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
        if (!state.IsCurrent)
        {
            return null;
        }

        var organisationParameters = new { OrganisationId = organisationId };
        List<long> spaceIds =
            [RollupKey.AllSpaces, .. await transaction.QueryAsync<long>(SpacesSql, organisationParameters, cancellationToken)];
        var (recountedCount, differentCount) = (0L, 0L);
        void Compare(IReadOnlyDictionary<RollupKey, Measures> counted, IReadOnlyDictionary<RollupKey, Measures> stored)
        {
            recountedCount += counted.Count;
            differentCount += counted.Keys.Union(stored.Keys).Count(
                key => counted.GetValueOrDefault(key, Measures.Zero) != stored.GetValueOrDefault(key, Measures.Zero));
        }

        var months = new Dictionary<RollupKey, Measures>();
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            var deltas = day.Contents.SelectMany(task => RollupDelta.Between(null, task.WithClassifiedOutcome()));
            var counted = RollupDelta.ToRollups(deltas, state.CountedSpaceIds)
                .ToLookup(sum => sum.Key.Granularity == Granularity.AgentMonth);
            Compare(
                counted[false].ToDictionary(),
                await ReadAsync(transaction, organisationId, day.ProductId, spaceIds, DailyGranularities, day.Day, cancellationToken));
            foreach (var (key, measures) in counted[true])
            {
                months[key] = months.GetValueOrDefault(key, Measures.Zero) + measures;
            }
        }

        foreach (var month in months.GroupBy(sum => (sum.Key.ProductId, sum.Key.Start)))
        {
            var (productId, start) = month.Key;
            Compare(
                month.ToDictionary(),
                await ReadAsync(transaction, organisationId, productId, spaceIds, [Granularity.AgentMonth], start, cancellationToken));
        }

        // Rollups of days without any task were not compared above.
        var stored = (await transaction.QueryAsync<long>(CountNonZeroSql, organisationParameters, cancellationToken)).Single();
        return differentCount == 0 ? Math.Abs(stored - recountedCount) : differentCount;
    }

    private async Task<Dictionary<RollupKey, Measures>> ReadAsync(
        WriteTransaction transaction,
        long organisationId,
        string productId,
        IReadOnlyList<long> spaceIds,
        IReadOnlyList<Granularity> granularities,
        Timestamp start,
        CancellationToken cancellationToken)
    {
        var end = granularities.Max(granularity => Granularities.EndOf(granularity, start));
        List<RollupRange> ranges =
        [
            .. from spaceId in spaceIds
               from granularity in granularities
               let bucketWidth = Granularities.EndOf(granularity, start).UnixMilliseconds - start.UnixMilliseconds
               select new RollupRange(spaceId, granularity, start, end, bucketWidth),
        ];
        var query = new RollupQuery(organisationId, productId, ranges, TaskFilter.None, ByAgent: true, transaction.Transaction);
        return (from sum in await reader.SumAsync(transaction.Connection, query, cancellationToken)
                where sum.Measures != Measures.Zero
                let range = ranges[sum.RangeIndex]
                let bucketStart = new Timestamp(start.UnixMilliseconds + (sum.BucketIndex * range.BucketWidth))
                let direction = Directions.Parse(sum.Direction)
                select (new RollupKey(range.SpaceId, productId, range.Granularity, bucketStart, sum.Agent, direction), sum.Measures))
            .ToDictionary();
    }
}
