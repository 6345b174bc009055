using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Metrics;

internal sealed class MeasuresTests
{
    private static readonly Measures OneCall = new() { Interested = 1, Completed = 1 };

    [Test]
    public void Averages_are_over_scored_and_timed_calls_only()
    {
        var measures = new Measures { ScoreSum = 15_050, ScoredCalls = 2, DurationSum = 61_500, TimedCalls = 3 };
        Assert.That(measures.AverageSuccessScore, Is.EqualTo(75.25m));
        Assert.That(measures.SuccessScoreSum, Is.EqualTo(150.5m));
        Assert.That(measures.AverageDurationSeconds, Is.EqualTo(20.5m));
        Assert.That(measures.DurationSecondsSum, Is.EqualTo(61.5m));
    }

    [Test]
    public void Average_of_no_calls_is_zero_for_scores_and_null_for_durations()
    {
        Assert.That(Measures.Zero.AverageSuccessScore, Is.Zero);
        Assert.That(Measures.Zero.AverageDurationSeconds, Is.Null);
    }

    [Test]
    public void Success_rate_is_completed_tasks_in_percent_of_all() =>
        Assert.That(new Measures { Completed = 1, Pending = 1, TasksOther = 1 }.SuccessRate, Is.EqualTo(33.33m));

    [Test]
    public void Score_and_duration_of_a_call_are_counted_if_present()
    {
        var unscored = Measures.From(TestTasks.Example);
        Assert.That(unscored, Is.EqualTo(OneCall));
        var scored = Measures.From(TestTasks.Example with { SuccessScore = 4_670, Duration = 1_500 });
        Assert.That(scored, Is.EqualTo(OneCall with { ScoreSum = 4_670, ScoredCalls = 1, DurationSum = 1_500, TimedCalls = 1 }));
    }

    [Test]
    public void Measures_are_consistent_if_calls_are_tasks_and_only_calls_are_scored_and_timed()
    {
        var scored = OneCall with { ScoredCalls = 1, TimedCalls = 1 };
        Assert.That(Measures.Zero.IsConsistent, Is.True);
        Assert.That(scored.IsConsistent, Is.True);
        Assert.That((scored with { Pending = 1 }).IsConsistent, Is.True);
        Assert.That((OneCall with { CallsOther = 1 }).IsConsistent, Is.False);
        Assert.That((OneCall with { ScoredCalls = 2 }).IsConsistent, Is.False);
        Assert.That((OneCall with { TimedCalls = 2 }).IsConsistent, Is.False);
        Assert.That((OneCall with { Completed = 2, Pending = -1 }).IsConsistent, Is.False);
    }

    [Test]
    public void One_negative_measure_is_found()
    {
        Assert.That(Measures.Zero.HasNegative, Is.False);
        Assert.That(OneCall.HasNegative, Is.False);
        Assert.That((OneCall with { DurationSum = -1 }).HasNegative, Is.True);
    }

    [Test]
    public void Column_names_are_those_of_the_database() =>
        Assert.That(Measures.Zero.Columns.Select(column => column.Name), Is.EqualTo(new[]
        {
            "interested", "call_back", "send_details", "not_interested", "not_connected", "calls_failed", "calls_other",
            "pending", "in_progress", "completed", "tasks_failed", "tasks_other",
            "score_sum", "scored_calls", "duration_sum", "timed_calls",
        }));

    [Test]
    public void Measures_are_read_in_the_order_of_the_columns()
    {
        var measures = Measures.FromColumns("row", 5, (_, index) => index);
        Assert.That(measures.Columns.Select(column => column.Value), Is.EqualTo(Enumerable.Range(5, 16)));
    }

    [Test]
    public void Each_call_is_counted_by_its_outcome()
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var measures = Measures.From(TestTasks.Example with { Outcome = outcome });
            Assert.That(Enum.GetValues<Outcome>().Where(other => measures.CallCount(other) == 1), Is.EqualTo(new[] { outcome }));
            Assert.That(measures.TotalCalls, Is.EqualTo(1));
        }
    }
}
