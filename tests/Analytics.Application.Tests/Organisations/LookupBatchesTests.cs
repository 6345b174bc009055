using System.Collections.Concurrent;
using Analytics.Application.Concurrency;
using Analytics.Application.Organisations;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Application.Tests.Organisations;

/// <summary>Lookups share batches, of which one is sent at a time as a rule, and affect each other in nothing else.</summary>
internal sealed class LookupBatchesTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // What the database contains.
    private readonly ConcurrentDictionary<string, int> _stored = new(StringComparer.Ordinal);

    // The keys of each batch that was sent.
    private readonly List<IReadOnlyList<string>> _sent = [];

    private readonly Queue<TaskCompletionSource> _responses = new();
    private readonly FakeTimeProvider _clock = new();
    private System.Threading.RateLimiting.ConcurrencyLimiter _permits = null!;
    private LookupBatches<string, int?> _lookups = null!;
    private int _waiting;

    [SetUp]
    public void CreateBatches()
    {
        (_stored["a"], _stored["b"], _waiting) = (1, 2, 0);
        _sent.Clear();
        _responses.Clear();
        _permits = new ConcurrencyLimit(PermitLimit: 2, QueueLimit: 100).ToLimiter();
        _lookups = new LookupBatches<string, int?>(
            _clock, async () => await _permits.AcquireAsync(), requests => Interlocked.Add(ref _waiting, requests), ReadAsync);
    }

    [TearDown]
    public void DisposePermits() => _permits.Dispose();

    [Test]
    public async Task Request_after_a_write_does_not_join_a_batch_that_has_been_sent()
    {
        var older = FindAsync("a");
        _stored["a"] = 3;
        var newer = FindAsync("a");
        await RespondAsync();
        await RespondAsync();

        Assert.That((await older, await newer), Is.EqualTo((1, 3)));
    }

    [Test]
    public async Task Waiting_requests_share_one_batch_with_each_key_once()
    {
        var first = FindAsync("a");
        var others = new[] { FindAsync("b"), FindAsync("a"), FindAsync("b"), FindAsync("unknown") };
        var waiting = _waiting;
        await RespondAsync();
        await RespondAsync();

        Assert.That((await first, await Task.WhenAll(others)), Is.EqualTo((1, new int?[] { 2, 1, 2, null })));
        Assert.That(_sent, Is.EqualTo(new[] { ["a"], new[] { "b", "a", "unknown" } }));
        Assert.That((waiting, _waiting), Is.EqualTo((4, 0)));
    }

    [Test]
    public async Task Cancelled_request_cancels_no_other()
    {
        using var cancellation = new CancellationTokenSource();
        var sent = FindAsync("a", cancellation.Token);
        var (waiting, other, alone) = (FindAsync("a", cancellation.Token), FindAsync("a"), FindAsync("b", cancellation.Token));
        await cancellation.CancelAsync();
        foreach (var cancelled in new[] { sent, waiting, alone })
        {
            Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        }

        await RespondAsync();
        await RespondAsync();

        Assert.That(await other, Is.EqualTo(1));
        Assert.That(_sent, Is.EqualTo(new[] { ["a"], new[] { "a" } }), "Nobody waits for b any more");
    }

    [Test]
    public async Task Batch_whose_requests_were_all_cancelled_is_not_sent()
    {
        using var cancellation = new CancellationTokenSource();
        var first = FindAsync("a");
        _ = FindAsync("b", cancellation.Token);
        await cancellation.CancelAsync();
        await RespondAsync();
        await first;
        var last = FindAsync("a");
        await RespondAsync();

        Assert.That(await last, Is.EqualTo(1));
        Assert.That(_sent, Is.EqualTo(new[] { ["a"], new[] { "a" } }));
    }

    [Test]
    public async Task Failed_batch_fails_its_own_requests_only()
    {
        var failed = FindAsync("a");
        var others = new[] { FindAsync("a"), FindAsync("b") };
        await RespondAsync(new InvalidOperationException("unreachable"));
        await RespondAsync();

        Assert.That(async () => await failed, Throws.InvalidOperationException.With.Message.EqualTo("unreachable"));
        Assert.That(await Task.WhenAll(others), Is.EqualTo(new int?[] { 1, 2 }));
    }

    [Test]
    public async Task Batch_is_bounded()
    {
        var first = FindAsync("a");
        var others = Enumerable.Range(0, LookupBatches<string, int?>.MaxKeys + 1).Select(number => FindAsync($"{number}")).ToList();
        for (var batch = 0; batch < 3; batch++)
        {
            await RespondAsync();
        }

        await Task.WhenAll(others.Append(first));
        Assert.That(_sent.Select(keys => keys.Count), Is.EqualTo(new[] { 1, LookupBatches<string, int?>.MaxKeys, 1 }));
    }

    [Test]
    public async Task Batch_that_does_not_return_does_not_delay_the_next()
    {
        var (first, second) = (FindAsync("a"), FindAsync("b"));
        var firstResponse = await TakeResponseAsync();
        var beforeItsTime = _sent.Count;
        _clock.Advance(LookupBatches<string, int?>.MaxWaitForPrevious);
        await RespondAsync();

        Assert.That((beforeItsTime, await second, first.IsCompleted), Is.EqualTo((1, 2, false)));
        firstResponse.SetResult();
        Assert.That(await first, Is.EqualTo(1));
    }

    [Test]
    public async Task Full_batch_does_not_wait_for_the_one_before_it()
    {
        var first = FindAsync("a");
        var firstResponse = await TakeResponseAsync();
        var others = Enumerable.Range(0, LookupBatches<string, int?>.MaxKeys).Select(number => FindAsync($"{number}")).ToList();
        await RespondAsync();
        await Task.WhenAll(others);

        Assert.That(first.IsCompleted, Is.False);
        firstResponse.SetResult();
        await first;
    }

    private Task<int?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        _lookups.FindAsync(key, cancellationToken).WaitAsync(Timeout, CancellationToken.None);

    // Reads at once, and returns when the test responds.
    private async Task<IReadOnlyList<int?>> ReadAsync(IReadOnlyList<string> keys)
    {
        List<int?> rows = [.. keys.Select(key => _stored.TryGetValue(key, out var row) ? row : (int?)null)];
        var response = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_sent)
        {
            _sent.Add(keys);
            _responses.Enqueue(response);
        }

        await response.Task;
        return rows;
    }

    // Ends the batch that is being sent, or the next one.
    private async Task RespondAsync(Exception? exception = null)
    {
        var response = await TakeResponseAsync();
        _ = exception is null ? response.TrySetResult() : response.TrySetException(exception);
    }

    private async Task<TaskCompletionSource> TakeResponseAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        TaskCompletionSource? response;
        while (!TryTake(out response))
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return response!;

        bool TryTake(out TaskCompletionSource? next)
        {
            lock (_sent)
            {
                return _responses.TryDequeue(out next);
            }
        }
    }
}
