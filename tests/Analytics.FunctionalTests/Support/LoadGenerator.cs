using System.Collections.Concurrent;
using System.Diagnostics;

namespace Analytics.FunctionalTests.Support;

/// <summary>A response under load, with the times of its request and arrival.</summary>
internal sealed record TimedReply(bool IsWrite, long SentAt, long ReceivedAt, Reply Reply)
{
    public int Status => Reply.Status;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(SentAt, ReceivedAt);
}

/// <summary>Readers and writers that continue whatever the response is.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private const int Readers = 3;
    private const int Writers = 2;

    // Between two requests of one client: without it, immediate errors would use up the machine.
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(5);

    // Far longer than any response may take.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri _service;
    private readonly PushRecorder _pushes;
    private readonly ConcurrentQueue<TimedReply> _replies = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _clients;

    private LoadGenerator(Uri service, PushRecorder pushes)
    {
        (_service, _pushes) = (service, pushes);
        _clients = Task.WhenAll([
            .. Enumerable.Range(0, Readers).Select(_ => RepeatAsync(isWrite: false, ReadAsync)),
            .. Enumerable.Range(0, Writers).Select(writer => RepeatAsync(isWrite: true, () => _pushes.PushNextAsync(_service, writer))),
        ]);
    }

    public IReadOnlyList<TimedReply> Replies => [.. _replies];

    public static LoadGenerator Start(AnalyticsService service, PushRecorder pushes) => new(service.Address, pushes);

    public IReadOnlyList<TimedReply> SentSince(long timestamp) => [.. _replies.Where(reply => reply.SentAt >= timestamp)];

    // Waits until each reader and writer has received so many matching responses in a row, all requested since.
    public Task WaitForStatusAsync(int status, long sentSince) => Eventually.TrueAsync(() =>
    {
        Assert.That(_clients.IsFaulted, Is.False, $"{_clients.Exception}");
        var replies = SentSince(sentSince).ToLookup(reply => reply.IsWrite);
        return new[] { false, true }.All(
            isWrite => replies[isWrite].Count() >= 6 && replies[isWrite].TakeLast(6).All(reply => reply.Status == status));
    });

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _clients.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RepeatAsync(bool isWrite, Func<Task<Reply>> send)
    {
        while (!_end.IsCancellationRequested)
        {
            var sentAt = Stopwatch.GetTimestamp();
            var reply = await send().WaitAsync(ResponseTimeout);
            _replies.Enqueue(new TimedReply(isWrite, sentAt, Stopwatch.GetTimestamp(), reply));
            await Task.Delay(RequestInterval);
        }
    }

    // The response includes everything that was acknowledged before.
    private async Task<Reply> ReadAsync()
    {
        var minTasks = _pushes.AcknowledgedTaskCount;
        var request = new AnalyticsRequest();
        var reply = await RawHttp.SendAsync(_service, request.Method, request.Target, request.AllHeaders);
        if (reply.Status == 200)
        {
            Assert.That((int)reply.Json["data"]!["call_status"]!["total_tasks"]!, Is.GreaterThanOrEqualTo(minTasks));
        }

        return reply;
    }
}
