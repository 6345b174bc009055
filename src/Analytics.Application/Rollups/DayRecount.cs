using System.Runtime.CompilerServices;

namespace Analytics.Application.Rollups;

/// <summary>All recounted rollups of these granularities that start within a range.</summary>
internal sealed record RecountedRollups(
    IReadOnlyList<Granularity> Granularities, Timestamp Start, Timestamp End, IReadOnlyDictionary<RollupKey, Measures> Sums);

/// <summary>Recounts the rollups of one product and UTC day from its tasks.</summary>
internal sealed class DayRecount(
    TaskReader tasks, string productId, Timestamp day, IReadOnlySet<long> countedSpaceIds)
{
    /// <summary>The granularities whose buckets lie within a day, and those of whole days.</summary>
    public static readonly IReadOnlyList<Granularity> Daily =
        [.. Enum.GetValues<Granularity>().Where(granularity => !Granularities.IsMonth(granularity))];

    private static readonly IReadOnlyList<Granularity> WholeDay =
        [Granularity.Day, Granularity.AgentDay, Granularity.RunDay, Granularity.LabelDay];

    private static readonly IReadOnlyList<Granularity> WithinHour = [.. Daily.Except(WholeDay)];

    // A day of more tasks is recounted hour by hour, to bound the memory of its rollups.
    private const int MaxTasksAtOnce = 10_000;

    /// <summary>Whether tasks count with their stored outcome instead of the one that the rules give.</summary>
    public bool AsStored { get; init; }

    public long Tasks { get; private set; }

    /// <summary>The tasks that are stored with another outcome than the rules give.</summary>
    public long OutcomeMismatches { get; private set; }

    /// <summary>The rollups within the day, in one part or by hour, then those of the whole day.</summary>
    public async IAsyncEnumerable<RecountedRollups> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var dayEnd = Granularities.EndOf(Granularity.Day, day);
        var isLarge = await tasks.CountAsync(productId, day, dayEnd, cancellationToken) > MaxTasksAtOnce;
        var daySums = new Dictionary<RollupKey, Measures>();
        for (var (start, end) = (day, day); start < dayEnd; start = end)
        {
            end = Granularities.EndOf(isLarge ? Granularity.Hour : Granularity.Day, start);
            var sums = await SumAsync(start, end, cancellationToken);
            yield return new RecountedRollups(
                WithinHour, start, end, sums.Where(sum => WithinHour.Contains(sum.Key.Granularity)).ToDictionary());
            foreach (var (key, measures) in sums.Where(sum => WholeDay.Contains(sum.Key.Granularity)))
            {
                daySums[key] = daySums.GetValueOrDefault(key, Measures.Zero) + measures;
            }
        }

        yield return new RecountedRollups(WholeDay, day, dayEnd, daySums);
    }

    private async Task<IReadOnlyDictionary<RollupKey, Measures>> SumAsync(
        Timestamp start, Timestamp end, CancellationToken cancellationToken)
    {
        var sums = new RollupAccumulator();
        await foreach (var row in tasks.ReadAsync(productId, start, end).WithCancellation(cancellationToken))
        {
            var stored = row.ToTask().Content!;
            var classified = stored.WithClassifiedOutcome();
            if (classified != stored)
            {
                OutcomeMismatches++;
            }

            sums.Add(AsStored ? stored : classified);
            Tasks++;
        }

        return sums.ToRollups(countedSpaceIds);
    }
}
