using System.Collections.Concurrent;
using System.Diagnostics;

namespace Analytics.FunctionalTests.Support;

/// <summary>An answer under load, with when it was asked for and came.</summary>
internal sealed record TimedReply(bool IsWrite, long Asked, long Came, Reply Reply)
{
    public int Status => Reply.Status;

    public TimeSpan Took => Stopwatch.GetElapsedTime(Asked, Came);
}

/// <summary>Readers and writers that go on, whatever the answer is.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Readers = 3;
    private const int Writers = 2;

    /// <summary>Between two requests of one client: errors come at once, and would be all that the machine does.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Far more than any answer may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Uri _service;
    private readonly Ledger _ledger;
    private readonly ConcurrentQueue<TimedReply> _replies = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _clients;

    private Load(Uri service, Ledger ledger)
    {
        (_service, _ledger) = (service, ledger);
        _clients = Task.WhenAll([
            .. Enumerable.Range(0, Readers).Select(_ => RepeatAsync(isWrite: false, ReadAsync)),
            .. Enumerable.Range(0, Writers).Select(writer => RepeatAsync(isWrite: true, () => _ledger.PushNextAsync(_service, writer))),
        ]);
    }

    public IReadOnlyList<TimedReply> Replies => [.. _replies];

    public static Load On(AnalyticsService service, Ledger ledger) => new(service.Address, ledger);

    public IReadOnlyList<TimedReply> AskedSince(long moment) => [.. _replies.Where(reply => reply.Asked >= moment)];

    /// <summary>Waits until as many answers in a row are such for each reader and writer, all asked for since then.</summary>
    public Task UntilLastAreAsync(int status, long askedSince) => Eventually.TrueAsync(() =>
    {
        Assert.That(_clients.IsFaulted, Is.False, $"{_clients.Exception}");
        var replies = AskedSince(askedSince).ToLookup(reply => reply.IsWrite);
        return new[] { false, true }.All(isWrite => replies[isWrite].Count() >= 6 && replies[isWrite].TakeLast(6).All(reply => reply.Status == status));
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

    private async Task RepeatAsync(bool isWrite, Func<Task<Reply>> ask)
    {
        while (!_end.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            var reply = await ask().WaitAsync(Patience);
            _replies.Enqueue(new TimedReply(isWrite, asked, Stopwatch.GetTimestamp(), reply));
            await Task.Delay(Pause);
        }
    }

    /// <summary>What was acknowledged before is in the answer.</summary>
    private async Task<Reply> ReadAsync()
    {
        var known = _ledger.AcknowledgedTasks;
        var question = new Question();
        var reply = await Wire.SendAsync(_service, question.Method, question.Target, question.AllHeaders);
        if (reply.Status == 200)
        {
            Assert.That((int)reply.Json["data"]!["call_status"]!["total_tasks"]!, Is.GreaterThanOrEqualTo(known));
        }

        return reply;
    }
}
