using System.Net;
using Analytics.Client.Tests.Support;

namespace Analytics.Client.Tests;

/// <summary>Pushes, and what streams tell of them. Other tests compare two responses of one version.</summary>
[NonParallelizable]
internal sealed class PushTests
{
    private readonly AnalyticsClient _client = TestClient.Create();

    [Test]
    public async Task Push_of_several_batches_tells_the_index_of_a_rejected_task_and_a_live_report_its_effect()
    {
        // Long enough to be compressed.
        var query = new AnalyticsQuery { SpaceToken = Demo.SalesSpace, StartDate = new DateOnly(2026, 11, 1), Interval = Interval.Day };
        await using var events = _client.FollowAsync(query).GetAsyncEnumerator();
        await events.MoveNextAsync();
        var before = events.Current.Data!.CallAnalytics.TotalCalls;
        List<PushedTask> tasks =
        [
            .. Enumerable.Range(0, 1_050).Select(number => new PushedTask
            {
                TaskId = $"net-{number}",
                SpaceToken = Demo.SalesSpace,
                Status = number == 1_020 ? null : "completed",
                Outcome = "Interested",
                SuccessScore = 7.25m,
                Direction = Direction.Outbound,
            }),
        ];

        var pushed = await _client.PushTasksAsync(tasks);
        var again = await _client.PushTasksAsync(tasks.ToAsyncEnumerable());
        var after = before;
        while (after < before + 1_049)
        {
            await events.MoveNextAsync();
            after = events.Current.Data?.CallAnalytics.TotalCalls ?? after;
        }

        var deleted = await _client.PushTasksAsync(tasks.Select(task => new PushedTask { TaskId = task.TaskId, Deleted = true }));
        Assert.That((pushed.Inserted, pushed.Rejected, pushed.Errors.Select(error => (error.Index, error.TaskId, error.Message)).Single()),
            Is.EqualTo((1_049, 1, (1_020, "net-1020", "status is missing."))));
        Assert.That((again.Unchanged, again.Rejected), Is.EqualTo((1_049, 1)));
        Assert.That(deleted.Updated, Is.EqualTo(1_049));
    }

    [Test]
    public async Task Long_tasks_are_sent_in_smaller_batches()
    {
        const string Result = """{"data":{"inserted":0,"updated":0,"unchanged":0,"rejected":0,"errors":[]}}""";
        using var server = new FakeServer(FakeServer.Respond(HttpStatusCode.OK, Result));
        var label = new string('x', PushBatch.MaxBytes / 10);

        await TestClient.Create(server, new ObservedTime())
            .PushTasksAsync(Enumerable.Range(0, 25).Select(number => new PushedTask { TaskId = $"{number}", Label = label }));

        Assert.That(server.Requests.Select(request => request.Body!.Length), Is.All.LessThan(PushBatch.MaxBytes).And.Exactly(3).Items);
    }

    [Test]
    public async Task Push_of_nothing_sends_nothing()
    {
        using var server = new FakeServer(FakeServer.Break());

        var result = await TestClient.Create(server, new ObservedTime()).PushTasksAsync([]);

        Assert.That((result.Inserted, server.Requests.Count), Is.EqualTo((0, 0)));
    }
}
