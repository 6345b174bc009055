using System.Data.Common;
using Analytics.Application.Pipeline;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Limits;

/// <summary>Under more load than the database bears, some are answered and the others refused at once.</summary>
[NonParallelizable]
internal sealed class OverloadTests
{
    private const string Questions = "analytics.queue.depth queue=questions";

    private TaskCompletionSource _answering = null!;
    private AnalyticsService _service = null!;
    private ObservedDatabase _database = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartAsync(DatabaseEngine.Sqlite, ObservedDatabase.Observe, ("Database:Questions", "2"), ("Database:QuestionsWaiting", "1"), ("Database:Writes", "1"), ("Database:WritesWaiting", "1"), ("TimeLimits:RequestSeconds", "60"));
        _database = (ObservedDatabase)_service.Services.GetRequiredService<DbDataSource>();
        _answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.Answering = _answering.Task;
    }

    [TearDown]
    public async Task StopAsync()
    {
        _answering.TrySetResult();
        await _service.DisposeAsync();
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task WhatFindsTheQueueFullIsRefusedAtOnceAndSendsNothing(CancellationToken cancellationToken)
    {
        using var measured = new Measured();
        var before = _database.Opened;
        var places = _service.Services.GetRequiredService<DatabasePlaces>();
        var asked = new[] { _service.AskAsync(), _service.AskAsync(), _service.AskAsync() };
        await WhileAsync(() => places.HaveRoomForQuestion || _database.Opened < before + 2 || measured.Sums.GetValueOrDefault(Questions) < 1, cancellationToken);

        var refused = await _service.AskAsync(new Question { Headers = [("X-Request-Id", "a")] });
        var stranger = await _service.AskAsync(new Question { Authorization = null });
        var definitions = await _service.AskAsync(new Question { Path = $"{Question.Analytics}definitions/" });
        var live = await _service.AskAsync("/health/live");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Status, refused["Retry-After"], refused.Body), Is.EqualTo((503, "1", """{"status_code":503,"message":"Service temporarily unavailable.","request_id":"a"}""")));
            Assert.That((stranger.Status, definitions.Status, live.Status), Is.EqualTo((401, 200, 200)), "What needs no database needs no place");
            Assert.That(_database.Opened, Is.EqualTo(before + 2), "Neither who waits nor who was refused has asked the database");
        }

        var listening = _service.ListenAsync();
        await WhileAsync(() => _database.Opened < before + 3, cancellationToken);

        _answering.SetResult();
        using var stream = await listening;
        Assert.That(stream.Status, Is.EqualTo(200), "A stream has places of its own");
        Assert.That((await Task.WhenAll(asked)).Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That(measured.Sums[Questions], Is.Zero, "Nobody waits any more");
        Assert.That((places.HaveRoomForQuestion, (await _service.AskAsync()).Status), Is.EqualTo((true, 200)), "Places are given back");
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task SoIsAPushBeforeItsBodyIsRead(CancellationToken cancellationToken)
    {
        var places = _service.Services.GetRequiredService<DatabasePlaces>();
        var pushed = new[] { _service.PushAsync(new NativeTask("a")), _service.PushAsync(new NativeTask("b")) };
        await WhileAsync(() => places.HaveRoomForWrite, cancellationToken);

        var refused = await _service.PushAsync(Push.Of(new NativeTask("c")) with { ContentType = "text/plain" });

        _answering.SetResult();
        Assert.That((refused.Status, refused["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That((await Task.WhenAll(pushed)).Select(reply => reply.Status), Is.All.EqualTo(200));
        Assert.That(places.HaveRoomForWrite);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task AnExportGivesItsPlaceBackBeforeItIsRead(CancellationToken cancellationToken)
    {
        _answering.SetResult();
        using var client = _service.CreateClient();
        var open = new List<HttpResponseMessage>();
        try
        {
            foreach (var path in new[] { "tasks/?format=csv", "tasks/?format=csv", "stream/", "stream/" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Question.Analytics + path);
                request.Headers.TryAddWithoutValidation("Authorization", Tokens.Jwt(Acme.Member));
                request.Headers.Add("Org-Handle", Acme.Handle);
                open.Add(await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
            }

            Assert.That(open.Select(response => (int)response.StatusCode), Is.All.EqualTo(200));
            Assert.That((await _service.AskAsync()).Status, Is.EqualTo(200));
        }
        finally
        {
            open.ForEach(response => response.Dispose());
        }
    }

    /// <summary>Watches until something has changed.</summary>
    private static async Task WhileAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        while (isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }
}
