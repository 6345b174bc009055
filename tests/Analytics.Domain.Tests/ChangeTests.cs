using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.Domain.Tests;

internal sealed class ChangeTests
{
    private static readonly HashSet<long> Counting = [1];

    [Test]
    public void TotalsAreTheSumsOfTheirParts() => Some.Tasks.Array[0, 50].Sample(tasks =>
    {
        var measures = tasks.Aggregate(Measures.Zero, (sum, task) => sum + Measures.From(task));
        Assert.That(measures.TotalTasks, Is.EqualTo(tasks.Length));
        Assert.That(measures.TotalCalls, Is.EqualTo(tasks.Count(task => ExecutionType.IsCall(task.ExecutionType))));
        Assert.That(measures.ScoreSum, Is.EqualTo(tasks.Where(task => ExecutionType.IsCall(task.ExecutionType)).Sum(task => task.SuccessScore ?? 0L)));
        Assert.That(measures.TimedCalls, Is.EqualTo(tasks.Count(task => ExecutionType.IsCall(task.ExecutionType) && task.Duration is not null)));
    });

    [Test]
    public void ChangesFromOneStateToAnotherLeaveTheOther() => Gen.Select(Some.Tasks, Some.Tasks).Sample((old, @new) =>
    {
        List<(TaskContent, Measures)> replaced = [.. RollupDelta.Between(null, old), .. RollupDelta.Between(old, @new)];
        Assert.That(RollupDelta.ToTotals(replaced), Is.EquivalentTo(RollupDelta.ToTotals(RollupDelta.Between(null, @new))));
        Assert.That(RollupDelta.ToRollups(replaced, Counting), Is.EquivalentTo(RollupDelta.ToRollups(RollupDelta.Between(null, @new), Counting)));
    });

    [Test]
    public void AMoveIsMinusAtTheOldPlaceAndPlusAtTheNewOne()
    {
        var moved = Some.Task with { SpaceId = 2, ProductId = "other" };
        Assert.That(RollupDelta.Between(Some.Task, moved), Is.EqualTo(new[]
        {
            (Some.Task, Measures.Zero - Measures.From(Some.Task)),
            (moved, Measures.From(moved)),
        }));
    }

    [Test]
    public void WhatCancelsOutIsLeftOut()
    {
        Assert.That(RollupDelta.ToTotals(RollupDelta.Between(Some.Task, Some.Task with { RunId = "another" })), Is.Empty);
        Assert.That(RollupDelta.ToRollups(RollupDelta.Between(Some.Task, Some.Task with { RunId = "another" }), Counting), Is.Empty);
    }

    [Test]
    public void EveryGrainSaysTheSame() => Some.Tasks.Array[0, 50].Sample(tasks =>
    {
        var changes = tasks.SelectMany(task => RollupDelta.Between(null, task)).ToList();
        foreach (var granularity in RollupDelta.ToRollups(changes, Counting).GroupBy(period => (period.Key.Granularity, period.Key.SpaceId == RollupKey.AllSpaces)))
        {
            var counted = granularity.Key.Item2 ? tasks.Where(task => Counting.Contains(task.SpaceId)) : tasks;
            Assert.That(Sum(granularity.Select(period => period.Value)), Is.EqualTo(Sum(counted.Select(Measures.From))));
        }
    });

    [Test]
    public void ATaskIsCountedInTheStretchThatHoldsItsTime()
    {
        var at = new Timestamp(DateTimeOffset.Parse("2026-02-28T23:59:59.999Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        var places = RollupDelta.ToRollups(RollupDelta.Between(null, Some.Task with { CreatedAt = at, Agent = "a" }), Counting).Keys;

        Assert.That(places.Select(place => $"{place.SpaceId} {place.Granularity} {place.Start} '{place.Agent}'"), Is.EquivalentTo(new[]
        {
            "1 AgentQuarter 2026-02-28T23:45:00.000Z 'a'", "1 AgentDay 2026-02-28T00:00:00.000Z 'a'", "1 AgentMonth 2026-02-01T00:00:00.000Z 'a'",
            "1 Quarter 2026-02-28T23:45:00.000Z ''", "1 Hour 2026-02-28T23:00:00.000Z ''", "1 Day 2026-02-28T00:00:00.000Z ''",
            "-1 Quarter 2026-02-28T23:45:00.000Z ''", "-1 Hour 2026-02-28T23:00:00.000Z ''", "-1 Day 2026-02-28T00:00:00.000Z ''",
        }));
    }

    [Test]
    public void PartsHoldEveryStoredMeasureOnce()
    {
        var stored = typeof(Measures).GetProperties().Where(property => property.CanWrite && property.PropertyType == typeof(long)).ToList();
        var one = stored.Aggregate(new Measures(), (measures, property) =>
        {
            property.SetValue(measures, 1 + stored.IndexOf(property));
            return measures;
        });
        Assert.That(one.Columns.Select(part => part.Value), Is.EquivalentTo(Enumerable.Range(1, stored.Count)));
        Assert.That((one + one).Columns.Select(part => part.Value), Is.EqualTo(one.Columns.Select(part => 2 * part.Value)));
        Assert.That(one - one, Is.EqualTo(Measures.Zero));
    }

    private static Measures Sum(IEnumerable<Measures> all) => all.Aggregate(Measures.Zero, (sum, measures) => sum + measures);
}
