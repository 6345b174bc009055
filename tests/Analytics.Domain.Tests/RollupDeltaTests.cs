using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.Domain.Tests;

internal sealed class RollupDeltaTests
{
    private static readonly HashSet<long> IncludedSpaceIds = [1];

    [Test]
    public void Measures_add_up_to_the_totals_of_the_tasks() => TestTasks.Generator.Array[0, 50].Sample(tasks =>
    {
        var measures = tasks.Aggregate(Measures.Zero, (sum, task) => sum + Measures.From(task));
        Assert.That(measures.TotalTasks, Is.EqualTo(tasks.Length));
        Assert.That(measures.TotalCalls, Is.EqualTo(tasks.Count(task => ExecutionType.IsCall(task.ExecutionType))));
        Assert.That(measures.ScoreSum, Is.EqualTo(tasks.Where(task => ExecutionType.IsCall(task.ExecutionType)).Sum(task => task.SuccessScore ?? 0L)));
        Assert.That(measures.TimedCalls, Is.EqualTo(tasks.Count(task => ExecutionType.IsCall(task.ExecutionType) && task.Duration is not null)));
    });

    [Test]
    public void Deltas_of_insert_and_update_equal_those_of_inserting_the_new_task() => Gen.Select(TestTasks.Generator, TestTasks.Generator).Sample((old, @new) =>
    {
        List<(TaskContent, Measures)> deltas = [.. RollupDelta.Between(null, old), .. RollupDelta.Between(old, @new)];
        Assert.That(RollupDelta.ToTotals(deltas), Is.EquivalentTo(RollupDelta.ToTotals(RollupDelta.Between(null, @new))));
        Assert.That(RollupDelta.ToRollups(deltas, IncludedSpaceIds), Is.EquivalentTo(RollupDelta.ToRollups(RollupDelta.Between(null, @new), IncludedSpaceIds)));
    });

    [Test]
    public void Moved_task_is_subtracted_at_the_old_key_and_added_at_the_new_one()
    {
        var moved = TestTasks.Example with { SpaceId = 2, ProductId = "other" };
        Assert.That(RollupDelta.Between(TestTasks.Example, moved), Is.EqualTo(new[]
        {
            (TestTasks.Example, Measures.Zero - Measures.From(TestTasks.Example)),
            (moved, Measures.From(moved)),
        }));
    }

    [Test]
    public void Deltas_that_cancel_out_are_omitted()
    {
        Assert.That(RollupDelta.ToTotals(RollupDelta.Between(TestTasks.Example, TestTasks.Example with { RunId = "another" })), Is.Empty);
        Assert.That(RollupDelta.ToRollups(RollupDelta.Between(TestTasks.Example, TestTasks.Example with { RunId = "another" }), IncludedSpaceIds), Is.Empty);
    }

    [Test]
    public void All_granularities_have_the_same_sums() => TestTasks.Generator.Array[0, 50].Sample(tasks =>
    {
        var deltas = tasks.SelectMany(task => RollupDelta.Between(null, task)).ToList();
        foreach (var granularity in RollupDelta.ToRollups(deltas, IncludedSpaceIds).GroupBy(rollup => (rollup.Key.Granularity, rollup.Key.SpaceId == RollupKey.AllSpaces)))
        {
            var includedTasks = granularity.Key.Item2 ? tasks.Where(task => IncludedSpaceIds.Contains(task.SpaceId)) : tasks;
            Assert.That(Sum(granularity.Select(rollup => rollup.Value)), Is.EqualTo(Sum(includedTasks.Select(Measures.From))));
        }
    });

    [Test]
    public void Task_is_counted_in_the_buckets_that_contain_its_creation_time()
    {
        var createdAt = new Timestamp(DateTimeOffset.Parse("2026-02-28T23:59:59.999Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        var keys = RollupDelta.ToRollups(RollupDelta.Between(null, TestTasks.Example with { CreatedAt = createdAt, Agent = "a" }), IncludedSpaceIds).Keys;

        Assert.That(keys.Select(key => $"{key.SpaceId} {key.Granularity} {key.Start} '{key.Agent}'"), Is.EquivalentTo(new[]
        {
            "1 AgentQuarterHour 2026-02-28T23:45:00.000Z 'a'", "1 AgentDay 2026-02-28T00:00:00.000Z 'a'", "1 AgentMonth 2026-02-01T00:00:00.000Z 'a'",
            "1 QuarterHour 2026-02-28T23:45:00.000Z ''", "1 Hour 2026-02-28T23:00:00.000Z ''", "1 Day 2026-02-28T00:00:00.000Z ''",
            "-1 QuarterHour 2026-02-28T23:45:00.000Z ''", "-1 Hour 2026-02-28T23:00:00.000Z ''", "-1 Day 2026-02-28T00:00:00.000Z ''",
        }));
    }

    [Test]
    public void Columns_contain_every_stored_measure_once()
    {
        var stored = typeof(Measures).GetProperties().Where(property => property.CanWrite && property.PropertyType == typeof(long)).ToList();
        var distinctMeasures = stored.Aggregate(new Measures(), (measures, property) =>
        {
            property.SetValue(measures, 1 + stored.IndexOf(property));
            return measures;
        });
        Assert.That(distinctMeasures.Columns.Select(column => column.Value), Is.EquivalentTo(Enumerable.Range(1, stored.Count)));
        Assert.That((distinctMeasures + distinctMeasures).Columns.Select(column => column.Value), Is.EqualTo(distinctMeasures.Columns.Select(column => 2 * column.Value)));
        Assert.That(distinctMeasures - distinctMeasures, Is.EqualTo(Measures.Zero));
    }

    private static Measures Sum(IEnumerable<Measures> all) => all.Aggregate(Measures.Zero, (sum, measures) => sum + measures);
}
