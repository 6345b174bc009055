using Analytics.Application.Demo;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Tests.Demo;

internal sealed class NorthwindCallsTests
{
    // A Wednesday.
    private static readonly Timestamp Now = Timestamp.From(new DateTimeOffset(2026, 11, 11, 9, 40, 0, TimeSpan.Zero));

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly List<TaskWrite> _past = [.. new NorthwindCalls().CreatePast(Now)];

    private IEnumerable<TaskContent> Contents => _past.Select(call => call.Content!);

    [Test]
    public void Each_start_creates_the_same_calls_relative_to_its_time()
    {
        var weekLater = new NorthwindCalls().CreatePast(Now + Week);

        Assert.That(
            weekLater.Select(call => (call.TaskId, call.Content! with { CreatedAt = call.Content!.CreatedAt - Week })),
            Is.EqualTo(_past.Select(call => (call.TaskId, call.Content!))));
    }

    [Test]
    public void Some_6000_calls_are_of_the_eight_weeks_before_the_current_hour_and_oldest_first()
    {
        var times = Contents.Select(call => call.CreatedAt.UnixMilliseconds).ToList();
        var hour = Timestamp.From(new DateTimeOffset(2026, 11, 11, 9, 0, 0, TimeSpan.Zero));

        Assert.That(_past, Has.Count.InRange(5_700, 6_300));
        Assert.That(times, Is.Ordered.And.All.InRange((hour - (8 * Week)).UnixMilliseconds, hour.UnixMilliseconds));
    }

    [Test]
    public void Calls_are_of_four_spaces_six_agents_and_five_campaigns()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Contents.Select(call => call.SpaceId).Distinct().Count(), Is.EqualTo(4));
            Assert.That(Contents.Select(call => call.Agent).Distinct().Count(), Is.EqualTo(6));
            Assert.That(Contents.Select(call => call.RunId).Distinct().Count(), Is.EqualTo(5));
            Assert.That(Contents.Select(call => call.Outcome).Distinct(), Is.EquivalentTo(Enum.GetValues<Outcome>().Cast<Outcome?>()));
            Assert.That(Contents.Where(call => call.Outcome == Outcome.Other).Select(call => call.Label).Distinct(),
                Is.EquivalentTo(new[] { "Voicemail", "Busy", "Wrong Number", "Language Barrier", "Do Not Call", null }));
        }
    }

    [Test]
    public void Calls_follow_business_hours_and_weekdays()
    {
        var times = Contents.Select(call => DateTimeOffset.FromUnixTimeMilliseconds(call.CreatedAt.UnixMilliseconds)).ToList();
        var byWeekday = times.CountBy(time => time.DayOfWeek).ToDictionary();
        var byHour = times.CountBy(time => time.Hour).ToDictionary();

        Assert.That(byHour.Keys, Is.EquivalentTo(Enumerable.Range(8, 12)));
        Assert.That(byHour[10], Is.GreaterThan(2 * byHour[8]).And.GreaterThan(3 * byHour[19]));
        Assert.That(byWeekday[DayOfWeek.Tuesday], Is.GreaterThan(2 * byWeekday[DayOfWeek.Saturday]));
        Assert.That(byWeekday[DayOfWeek.Sunday], Is.InRange(1, byWeekday[DayOfWeek.Monday] / 5));
    }

    [Test]
    public void Agents_differ_in_success_and_one_got_worse()
    {
        Assert.That(GetInterest("amelia", Contents), Is.GreaterThan(2 * GetInterest("freya", Contents)));
        var middle = Now - (4 * Week);
        Assert.That(GetInterest("emeka", Contents.Where(call => call.CreatedAt < middle)),
            Is.GreaterThan(1.3 * GetInterest("emeka", Contents.Where(call => call.CreatedAt > middle))));
    }

    [Test]
    public void Call_beyond_the_limit_replaces_the_oldest()
    {
        var calls = new NorthwindCalls();
        var all = calls.CreatePast(Now)
            .Concat(Enumerable.Range(1, 20_000).Select(second => calls.CreateNext(Now + TimeSpan.FromSeconds(second)))).ToList();

        Assert.That(all.Take(20_000).Select(call => call.TaskId), Is.Unique);
        Assert.That(all.Skip(20_000).Select(call => call.TaskId), Is.EqualTo(all.Take(all.Count - 20_000).Select(call => call.TaskId)));
        Assert.That(all.Select(call => call.UpdatedAt.UnixMilliseconds), Is.Ordered, "The store keeps the newer of two");
    }

    private static double GetInterest(string agent, IEnumerable<TaskContent> calls) =>
        calls.Where(call => call.Agent == agent).Average(call => call.Outcome == Outcome.Interested ? 1 : 0);
}
