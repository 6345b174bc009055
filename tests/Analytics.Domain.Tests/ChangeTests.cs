using Analytics.Domain.Numbers;
using Analytics.Domain.Tasks;
using CsCheck;

namespace Analytics.Domain.Tests;

internal sealed class ChangeTests
{
    [Test]
    public void TotalsAreTheSumsOfTheirParts() => Some.Tasks.Array[0, 50].Sample(tasks =>
    {
        var measures = tasks.Aggregate(Measures.Zero, (sum, task) => sum + Measures.Of(task));
        Assert.That(measures.TotalTasks, Is.EqualTo(tasks.Length));
        Assert.That(measures.TotalCalls, Is.EqualTo(tasks.Count(task => ExecutionType.IsCall(task.ExecutionType))));
        Assert.That(measures.ScoreSum, Is.EqualTo(tasks.Where(task => ExecutionType.IsCall(task.ExecutionType)).Sum(task => task.SuccessScore ?? 0L)));
        Assert.That(measures.TimedCalls, Is.EqualTo(tasks.Count(task => ExecutionType.IsCall(task.ExecutionType) && task.Duration is not null)));
    });

    [Test]
    public void ChangesFromOneStateToAnotherLeaveTheOther() => Gen.Select(Some.Tasks, Some.Tasks).Sample((old, @new) =>
    {
        var replaced = Change.Sum([.. Change.Of(null, old), .. Change.Of(old, @new)]);
        Assert.That(replaced, Is.EquivalentTo(Change.Sum(Change.Of(null, @new))));
    });

    [Test]
    public void AMoveIsMinusAtTheOldPlaceAndPlusAtTheNewOne()
    {
        var moved = Some.Task with { SpaceId = 2, ProductId = "other" };
        Assert.That(Change.Of(Some.Task, moved), Is.EqualTo(new[]
        {
            (new RollupKey(1, "unpod.dev"), Measures.Zero - Measures.Of(Some.Task)),
            (new RollupKey(2, "other"), Measures.Of(moved)),
        }));
    }

    [Test]
    public void WhatCancelsOutIsLeftOut() =>
        Assert.That(Change.Sum(Change.Of(Some.Task, Some.Task with { RunId = "another" })), Is.Empty);

    [Test]
    public void PartsHoldEveryStoredMeasureOnce()
    {
        var stored = typeof(Measures).GetProperties().Where(property => property.CanWrite && property.PropertyType == typeof(long)).ToList();
        var one = stored.Aggregate(new Measures(), (measures, property) =>
        {
            property.SetValue(measures, 1 + stored.IndexOf(property));
            return measures;
        });
        Assert.That(one.Parts.Select(part => part.Value), Is.EquivalentTo(Enumerable.Range(1, stored.Count)));
        Assert.That((one + one).Parts.Select(part => part.Value), Is.EqualTo(one.Parts.Select(part => 2 * part.Value)));
        Assert.That(one - one, Is.EqualTo(Measures.Zero));
    }
}
