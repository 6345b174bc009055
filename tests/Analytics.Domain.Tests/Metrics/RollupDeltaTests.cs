using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.Domain.Tests.Metrics;

internal sealed class RollupDeltaTests
{
    private static readonly HashSet<long> IncludedSpaceIds = [1];

    [Test]
    public void Measures_add_up_to_the_totals_of_the_tasks() => TestTasks.Generator.Array[0, 50].Sample(tasks =>
    {
        var measures = tasks.Aggregate(Measures.Zero, (sum, task) => sum + Measures.From(task));
        Assert.That(measures.TotalTasks, Is.EqualTo(tasks.Length));
        var calls = tasks.Where(task => ExecutionType.IsCall(task.ExecutionType)).ToList();
        Assert.That(measures.TotalCalls, Is.EqualTo(calls.Count));
        Assert.That(measures.ScoreSum, Is.EqualTo(calls.Sum(task => task.SuccessScore ?? 0L)));
        Assert.That(measures.TimedCalls, Is.EqualTo(calls.Count(task => task.Duration is not null)));
    });

    [Test]
    public void Deltas_of_insert_and_update_equal_those_of_inserting_the_new_task() =>
        Gen.Select(TestTasks.Generator, TestTasks.Generator).Sample((before, after) =>
        {
            List<(TaskContent, Measures)> deltas = [.. RollupDelta.Between(null, before), .. RollupDelta.Between(before, after)];
            List<(TaskContent, Measures)> expected = [.. RollupDelta.Between(null, after)];
            Assert.That(RollupDelta.ToTotals(deltas), Is.EquivalentTo(RollupDelta.ToTotals(expected)));
            Assert.That(
                RollupDelta.ToRollups(deltas, IncludedSpaceIds), Is.EquivalentTo(RollupDelta.ToRollups(expected, IncludedSpaceIds)));
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
        List<(TaskContent, Measures)> deltas =
            [.. RollupDelta.Between(TestTasks.Example, TestTasks.Example with { Label = "INTERESTED" })];
        Assert.That(RollupDelta.ToTotals(deltas), Is.Empty);
        Assert.That(RollupDelta.ToRollups(deltas, IncludedSpaceIds), Is.Empty);
    }

    [Test]
    public void All_granularities_have_the_same_sums() => TestTasks.Generator.Array[0, 50].Sample(tasks =>
    {
        var deltas = tasks.SelectMany(task => RollupDelta.Between(null, task)).ToList();
        var groups = RollupDelta.ToRollups(deltas, IncludedSpaceIds)
            .GroupBy(rollup => (rollup.Key.Granularity, IsAllSpaces: rollup.Key.SpaceId == RollupKey.AllSpaces));
        foreach (var group in groups)
        {
            var includedTasks = group.Key.IsAllSpaces ? tasks.Where(task => IncludedSpaceIds.Contains(task.SpaceId)) : tasks;
            Assert.That(Sum(group.Select(rollup => rollup.Value)), Is.EqualTo(Sum(includedTasks.Select(Measures.From))));
        }
    });

    [Test]
    public void Task_is_counted_in_the_buckets_that_contain_its_creation_time()
    {
        var createdAt = Timestamp.From(new DateTimeOffset(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero));
        var task = TestTasks.Example with { CreatedAt = createdAt, Agent = "a", RunId = "r", Label = "Call_Back" };
        var keys = RollupDelta.ToRollups(RollupDelta.Between(null, task), IncludedSpaceIds).Keys;

        Assert.That(keys.Select(key => $"{key.SpaceId} {key.Granularity} {key.Start} '{key.Member}' '{key.Agent}'"), Is.EquivalentTo(new[]
        {
            "1 RunQuarterHour 2026-02-28T23:45:00.000Z 'r' 'a'", "1 RunDay 2026-02-28T00:00:00.000Z 'r' 'a'",
            "1 AgentDay 2026-02-28T00:00:00.000Z '' 'a'", "1 AgentMonth 2026-02-01T00:00:00.000Z '' 'a'",
            "1 QuarterHour 2026-02-28T23:45:00.000Z '' ''", "1 Hour 2026-02-28T23:00:00.000Z '' ''",
            "1 Day 2026-02-28T00:00:00.000Z '' ''",
            "-1 QuarterHour 2026-02-28T23:45:00.000Z '' ''", "-1 Hour 2026-02-28T23:00:00.000Z '' ''",
            "-1 Day 2026-02-28T00:00:00.000Z '' ''",
            "1 LabelHour 2026-02-28T23:00:00.000Z 'call back' ''", "1 LabelDay 2026-02-28T00:00:00.000Z 'call back' ''",
            "1 LabelMonth 2026-02-01T00:00:00.000Z 'call back' ''",
            "-1 LabelDay 2026-02-28T00:00:00.000Z 'call back' ''", "-1 LabelMonth 2026-02-01T00:00:00.000Z 'call back' ''",
        }));
    }

    [Test]
    public void Columns_contain_every_stored_measure_once()
    {
        var stored = typeof(Measures).GetProperties()
            .Where(property => property.CanWrite && property.PropertyType == typeof(long))
            .ToList();
        var distinctMeasures = stored.Aggregate(new Measures(), (measures, property) =>
        {
            property.SetValue(measures, 1 + stored.IndexOf(property));
            return measures;
        });
        Assert.That(distinctMeasures.Columns.Select(column => column.Value), Is.EquivalentTo(Enumerable.Range(1, stored.Count)));
        Assert.That(
            (distinctMeasures + distinctMeasures).Columns.Select(column => column.Value),
            Is.EqualTo(distinctMeasures.Columns.Select(column => 2 * column.Value)));
        Assert.That(distinctMeasures - distinctMeasures, Is.EqualTo(Measures.Zero));
    }

    private static Measures Sum(IEnumerable<Measures> all) => all.Aggregate(Measures.Zero, (sum, measures) => sum + measures);
}
