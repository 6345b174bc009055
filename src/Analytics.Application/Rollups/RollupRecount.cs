using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Rollups;

/// <summary>Counts the periods of an organisation that do not say what its tasks say, day by day.</summary>
public sealed class RollupRecount(IRollupReader reader)
{
    private const string SpacesSql = "SELECT DISTINCT space_id FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string IsCurrentSql =
        """
        SELECT CAST(COUNT(*) AS BIGINT)
          FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND pending + in_progress + completed + tasks_failed + tasks_other <> 0
        """;

    private static readonly IEnumerable<Granularity> CountDay = [Granularity.QuarterHour, Granularity.Hour, Granularity.Day, Granularity.AgentQuarterHour, Granularity.AgentDay];

    /// <summary>How many differ; absent where they are not filled, so that nobody reads them.</summary>
    internal async Task<long?> CountDifferencesAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var keeping = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);
        if (!keeping.IsCurrent)
        {
            return null;
        }

        var spaces = (await transaction.QueryAsync<long>(SpacesSql, new { OrganisationId = organisationId }, cancellationToken)).Prepend(RollupKey.AllSpaces).ToList();
        var (recounted, different) = (0L, 0L);
        void Compare(IReadOnlyDictionary<RollupKey, Measures> counted, IReadOnlyDictionary<RollupKey, Measures> stored)
        {
            recounted += counted.Count;
            different += counted.Keys.Union(stored.Keys).Count(key => counted.GetValueOrDefault(key, Measures.Zero) != stored.GetValueOrDefault(key, Measures.Zero));
        }

        var months = new Dictionary<RollupKey, Measures>();
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            var counted = RollupDelta.ToRollups(day.Contents.SelectMany(task => RollupDelta.Between(null, task.WithClassifiedOutcome())), keeping.CountedSpaceIds).ToLookup(sum => sum.Key.Granularity == Granularity.AgentMonth);
            Compare(counted[false].ToDictionary(), await ReadAsync(transaction, organisationId, day.ProductId, spaces, CountDay, day.Day, cancellationToken));
            foreach (var (key, measures) in counted[true])
            {
                months[key] = months.GetValueOrDefault(key, Measures.Zero) + measures;
            }
        }

        foreach (var month in months.GroupBy(sum => (sum.Key.ProductId, sum.Key.Start)))
        {
            Compare(month.ToDictionary(), await ReadAsync(transaction, organisationId, month.Key.ProductId, spaces, [Granularity.AgentMonth], month.Key.Start, cancellationToken));
        }

        // What is stored where there is no task at all was not come by.
        var stored = (await transaction.QueryAsync<long>(IsCurrentSql, new { OrganisationId = organisationId }, cancellationToken)).Single();
        return different == 0 ? Math.Abs(stored - recounted) : different;
    }

    private async Task<Dictionary<RollupKey, Measures>> ReadAsync(
        WriteTransaction transaction,
        long organisationId,
        string productId,
        IReadOnlyList<long> spaces,
        IEnumerable<Granularity> grains,
        Domain.Timestamp at,
        CancellationToken cancellationToken)
    {
        var coarsest = grains.Max(granularity => Granularities.EndOf(granularity, at));
        List<RollupRange> runs =
        [
            .. from space in spaces
               from granularity in grains
               let length = Granularities.EndOf(granularity, at).UnixMilliseconds - at.UnixMilliseconds
               select new RollupRange(space, granularity, at, coarsest, length),
        ];
        var sums = await reader.SumAsync(
            transaction.Connection,
            new RollupQuery { OrganisationId = organisationId, ProductId = productId, Ranges = runs, Filter = TaskFilter.None, ByAgent = true, Transaction = transaction.Transaction },
            cancellationToken);
        return sums.Where(sum => sum.Measures != Measures.Zero).ToDictionary(
            sum => new RollupKey(
                runs[sum.RangeIndex].SpaceId, productId, runs[sum.RangeIndex].Granularity, new(at.UnixMilliseconds + (sum.BucketIndex * runs[sum.RangeIndex].BucketWidth)), sum.Agent, Directions.Parse(sum.Direction)),
            sum => sum.Measures);
    }
}
