using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>Whatever was written and whatever is asked about it, the answer is what a naive count over the surviving tasks says.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class DashboardTests(DatabaseEngine engine)
{
    private static readonly Gen<(RandomHistory History, RandomQuestion[] Questions)> Asked =
        from history in RandomHistory.Any
        from questions in RandomQuestion.At(history.Now).Array[1, 30]
        select (history, questions);

    private readonly FakeTimeProvider _clock = new();
    private AnalyticsService _service = null!;
    private long _organisations;

    [OneTimeSetUp]
    public async Task StartAsync() => _service = await AnalyticsService.StartAsync(engine, parts => parts.AddSingleton<TimeProvider>(_clock));

    [OneTimeTearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public Task EveryAnswerIsThatOfANaiveCount() => Asked.SampleAsync(async asked =>
    {
        var organisation = Interlocked.Increment(ref _organisations);
        _clock.AdjustTime(DateTimeOffset.FromUnixTimeMilliseconds(asked.History.Now.UnixMilliseconds));
        await _service.HasHistoryAsync(organisation, asked.History);
        foreach (var question in asked.Questions)
        {
            var reply = await _service.AskAsync(new Question { Handle = RandomHistories.HandleOf(organisation), Product = question.Product, Query = question.Query });
            AssertIsThatOfANaiveCount(reply, question, asked.History);
        }
    }, iter: TestDepth.Select(12, 60), threads: 1, print: asked => $"{asked.Questions.Length} questions");

    private static void AssertIsThatOfANaiveCount(Reply reply, RandomQuestion question, RandomHistory history)
    {
        var windows = new NaiveWindows(question, history.Now);
        if (windows.Refused.Count > 0)
        {
            Assert.That(reply.Status, Is.EqualTo(400), question.Query);
            var errors = reply.Json["errors"]!.AsObject();
            Assert.That(errors.Select(error => error.Key), Is.EquivalentTo(windows.Refused.Keys), question.Query);
            Assert.That(windows.Refused, Has.All.Matches<KeyValuePair<string, string>>(refused => errors[refused.Key]![0]!.GetValue<string>().Contains(refused.Value, StringComparison.Ordinal)), question.Query);
            return;
        }

        if (question.Space > RandomHistory.CountingSpaces)
        {
            Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Space not found.")), question.Query);
            return;
        }

        Assert.That(reply.Status, Is.EqualTo(200), question.Query);
        Assert.That(
            NaiveAnswer.Text(reply.Json["data"]!),
            Is.EqualTo(NaiveAnswer.Text(new NaiveAnswer(question, windows, history.Now).Of(history.Counting(question.Product)))),
            $"{question.Query} at {history.Now}");
    }
}
