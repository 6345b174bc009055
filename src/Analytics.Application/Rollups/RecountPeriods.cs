using Analytics.Application.Storage;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Rollups;

/// <summary>Counts the periods of an organisation that do not say what its tasks say, day by day.</summary>
public sealed class RecountPeriods(IPeriodReader reader)
{
    private const string SpacesSql = "SELECT DISTINCT space_id FROM task_totals WHERE organisation_id = @OrganisationId";

    private const string FilledSql =
        """
        SELECT CAST(COUNT(*) AS BIGINT)
          FROM task_rollups
         WHERE organisation_id = @OrganisationId
           AND pending + in_progress + completed + tasks_failed + tasks_other <> 0
        """;

    private static readonly IEnumerable<Grain> OfADay = [Grain.Quarter, Grain.Hour, Grain.Day, Grain.AgentQuarter, Grain.AgentDay];

    /// <summary>How many differ; absent where they are not filled, so that nobody reads them.</summary>
    internal async Task<long?> CountDifferencesAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken)
    {
        var keeping = await PeriodKeeping.ReadAsync(transaction, organisationId, cancellationToken);
        if (!keeping.AreKept)
        {
            return null;
        }

        var spaces = (await transaction.QueryAsync<long>(SpacesSql, new { OrganisationId = organisationId }, cancellationToken)).Prepend(PeriodKey.EverySpace).ToList();
        var (recounted, different) = (0L, 0L);
        void Compare(IReadOnlyDictionary<PeriodKey, Measures> counted, IReadOnlyDictionary<PeriodKey, Measures> stored)
        {
            recounted += counted.Count;
            different += counted.Keys.Union(stored.Keys).Count(key => counted.GetValueOrDefault(key, Measures.Zero) != stored.GetValueOrDefault(key, Measures.Zero));
        }

        var months = new Dictionary<PeriodKey, Measures>();
        await foreach (var day in TasksByDay.ReadAsync(transaction, organisationId, cancellationToken))
        {
            var counted = Change.Periods(day.Contents.SelectMany(task => Change.Of(null, task.Judged())), keeping.CountingSpaces).ToLookup(sum => sum.Key.Grain == Grain.AgentMonth);
            Compare(counted[false].ToDictionary(), await ReadAsync(transaction, organisationId, day.ProductId, spaces, OfADay, day.Day, cancellationToken));
            foreach (var (key, measures) in counted[true])
            {
                months[key] = months.GetValueOrDefault(key, Measures.Zero) + measures;
            }
        }

        foreach (var month in months.GroupBy(sum => (sum.Key.ProductId, sum.Key.Start)))
        {
            Compare(month.ToDictionary(), await ReadAsync(transaction, organisationId, month.Key.ProductId, spaces, [Grain.AgentMonth], month.Key.Start, cancellationToken));
        }

        // What is stored where there is no task at all was not come by.
        var stored = (await transaction.QueryAsync<long>(FilledSql, new { OrganisationId = organisationId }, cancellationToken)).Single();
        return different == 0 ? Math.Abs(stored - recounted) : different;
    }

    private async Task<Dictionary<PeriodKey, Measures>> ReadAsync(
        WriteTransaction transaction,
        long organisationId,
        string productId,
        IReadOnlyList<long> spaces,
        IEnumerable<Grain> grains,
        Domain.Instant at,
        CancellationToken cancellationToken)
    {
        var coarsest = grains.Max(granularity => Grains.EndOf(granularity, at));
        List<PeriodRun> runs =
        [
            .. from space in spaces
               from granularity in grains
               let length = Grains.EndOf(granularity, at).UnixMilliseconds - at.UnixMilliseconds
               select new PeriodRun(space, granularity, at, coarsest, length),
        ];
        var sums = await reader.SumAsync(
            transaction.Connection,
            new PeriodQuestion { OrganisationId = organisationId, ProductId = productId, Runs = runs, Filter = TaskFilter.None, ByAgent = true, Transaction = transaction.Transaction },
            cancellationToken);
        return sums.Where(sum => sum.Measures != Measures.Zero).ToDictionary(
            sum => new PeriodKey(
                runs[sum.Run].SpaceId, productId, runs[sum.Run].Grain, new(at.UnixMilliseconds + (sum.Step * runs[sum.Run].Step)), sum.Agent, Directions.Named(sum.Direction)),
            sum => sum.Measures);
    }
}
