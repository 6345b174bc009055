using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Rollups;

/// <summary>Counts the periods of an organisation that do not say what its tasks say, day by day.</summary>
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

    private static readonly IEnumerable<Granularity> DailyGranularities = [Granularity.QuarterHour, Granularity.Hour, Granularity.Day, Granularity.AgentQuarterHour, Granularity.AgentDay];

    /// <summary>How many differ; absent where they are not filled, so that nobody reads them.</summary>
    internal async Task<long?> CountDifferencesAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var state = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
        if (!state.IsCurrent)
        {
            return null;
        }

        var spaceIds = (await transaction.QueryAsync<long>(SpacesSql, new { OrganisationId = organisationId }, cancellationToken)).Prepend(RollupKey.AllSpaces).ToList();
        var (recountedCount, differentCount) = (0L, 0L);
        void Compare(IReadOnlyDictionary<RollupKey, Measures> counted, IReadOnlyDictionary<RollupKey, Measures> stored)
        {
            recountedCount += counted.Count;
            differentCount += counted.Keys.Union(stored.Keys).Count(key => counted.GetValueOrDefault(key, Measures.Zero) != stored.GetValueOrDefault(key, Measures.Zero));
        }

        var months = new Dictionary<RollupKey, Measures>();
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            var counted = RollupDelta.ToRollups(day.Contents.SelectMany(task => RollupDelta.Between(null, task.WithClassifiedOutcome())), state.CountedSpaceIds).ToLookup(sum => sum.Key.Granularity == Granularity.AgentMonth);
            Compare(counted[false].ToDictionary(), await ReadAsync(transaction, organisationId, day.ProductId, spaceIds, DailyGranularities, day.Day, cancellationToken));
            foreach (var (key, measures) in counted[true])
            {
                months[key] = months.GetValueOrDefault(key, Measures.Zero) + measures;
            }
        }

        foreach (var month in months.GroupBy(sum => (sum.Key.ProductId, sum.Key.Start)))
        {
            Compare(month.ToDictionary(), await ReadAsync(transaction, organisationId, month.Key.ProductId, spaceIds, [Granularity.AgentMonth], month.Key.Start, cancellationToken));
        }

        // What is stored where there is no task at all was not come by.
        var stored = (await transaction.QueryAsync<long>(CountNonZeroSql, new { OrganisationId = organisationId }, cancellationToken)).Single();
        return differentCount == 0 ? Math.Abs(stored - recountedCount) : differentCount;
    }

    private async Task<Dictionary<RollupKey, Measures>> ReadAsync(
        WriteTransaction transaction,
        long organisationId,
        string productId,
        IReadOnlyList<long> spaceIds,
        IEnumerable<Granularity> granularities,
        Domain.Timestamp start,
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
        var sums = await reader.SumAsync(
            transaction.Connection,
            new RollupQuery { OrganisationId = organisationId, ProductId = productId, Ranges = ranges, Filter = TaskFilter.None, ByAgent = true, Transaction = transaction.Transaction },
            cancellationToken);
        return sums.Where(sum => sum.Measures != Measures.Zero).ToDictionary(
            sum => new RollupKey(
                ranges[sum.RangeIndex].SpaceId, productId, ranges[sum.RangeIndex].Granularity, new(start.UnixMilliseconds + (sum.BucketIndex * ranges[sum.RangeIndex].BucketWidth)), sum.Agent, Directions.Parse(sum.Direction)),
            sum => sum.Measures);
    }
}
