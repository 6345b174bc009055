using System.Diagnostics;
using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Dapper;

namespace Analytics.FunctionalTests.Faults;

/// <summary>
/// If the server is down, unresponsive, full or blocked, the response is a 503 in time; no push is written partially or lost after
/// acknowledgement; and nothing needs a restart.
/// </summary>
[NonParallelizable]
internal sealed class PostgresFaultTests
{
    // The request timeout of the tests' service, shorter than the default of 5 s, a second to cancel the statement, and one for a busy
    // machine.
    private static readonly TimeSpan MaxResponseTime = TimeSpan.FromSeconds(4);

    // With the default timeouts, both the response and the recovery take at most 5 s.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(6);

    private static readonly (string, string?)[] ShortTimeouts =
        [("Timeouts:ConnectSeconds", "1"), ("Timeouts:CommandSeconds", "2"), ("Timeouts:RequestSeconds", "2")];

    private readonly PushRecorder _ledger = new();
    private PostgresServer _server = null!;
    private ScratchDatabase _database = null!;
    private AnalyticsService _service = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.CreateAsync();
        _database = await ScratchDatabase.CreateAsync(_server);
        _service = AnalyticsService.Start(_database, [("Logging:LogLevel:Default", "None"), .. ShortTimeouts]);
        await _service.AddAcmeAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        // Without PostgreSQL nothing was started.
        await using (_server)
        {
            await using (_database)
            {
                if (_service is not null)
                {
                    await _service.DisposeAsync();
                }
            }
        }
    }

    [Test]
    public async Task Requests_to_a_frozen_server_return_503_in_time()
    {
        await using var service =
            AnalyticsService.Start(_database, ("Logging:LogLevel:Default", "None"), ("Timeouts:RequestSeconds", null));
        for (var round = 0; round < 3; round++)
        {
            // As many connections as permits, so that most are lost during a statement.
            await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => AskAsync(AnalyticsRequest.AnalyticsPath)));
        }

        await _server.SuspendAsync();
        List<(int Status, TimeSpan Took)> replies;
        try
        {
            var live = AskAsync("/health/live");
            replies = [.. await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => AskAsync(AnalyticsRequest.AnalyticsPath)))];
            replies.Add(await AskAsync("/health/live"));
            Assert.That((await live).Status, Is.EqualTo(200));
        }
        finally
        {
            await _server.ResumeAsync();
        }

        Assert.That(replies.Select(reply => reply.Status), Is.EqualTo(Enumerable.Repeat(503, 60).Append(200)));
        Assert.That(replies.Select(reply => reply.Took), Is.All.LessThan(Promised));
        await using var load = LoadGenerator.Start(service, _ledger);
        await load.WaitForStatusAsync(200, sentSince: Stopwatch.GetTimestamp());
        await load.StopAsync();

        async Task<(int Status, TimeSpan Took)> AskAsync(string path)
        {
            var startedAt = Stopwatch.GetTimestamp();
            var reply = await service.SendAsync(new AnalyticsRequest { Path = path });
            return (reply.Status, Stopwatch.GetElapsedTime(startedAt));
        }
    }

    private static IEnumerable<TestCaseData> FaultCases()
    {
        yield return CreateCase("stopped", server => server.StopImmediatelyAsync(), server => server.StartAsync());
        yield return CreateCase("frozen", server => server.SuspendAsync(), server => server.ResumeAsync());
        yield return CreateCase("out of connections", server => server.RejectConnectionsAsync(), server => server.AcceptConnectionsAsync());
    }

    [TestCaseSource(nameof(FaultCases))]
    public async Task Unavailable_server_returns_503_and_service_recovers(
        Func<PostgresServer, Task> fail, Func<PostgresServer, Task> recover)
    {
        await using var load = LoadGenerator.Start(_service, _ledger);
        await load.WaitForStatusAsync(200, sentSince: 0);

        await fail(_server);
        IReadOnlyList<TimedReply> during;
        try
        {
            var failedAt = Stopwatch.GetTimestamp();
            await load.WaitForStatusAsync(503, sentSince: failedAt);
            during = load.SentSince(failedAt);
        }
        finally
        {
            await recover(_server);
        }

        var recoveredAt = Stopwatch.GetTimestamp();
        await load.WaitForStatusAsync(200, sentSince: recoveredAt);
        await load.StopAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(during.Select(reply => reply.Status), Is.All.EqualTo(503));
            Assert.That(load.Replies.Where(reply => reply.Status != 200).Select(reply => (reply.Status, reply.Reply["Retry-After"])),
                Is.All.EqualTo((503, "1")));
            Assert.That(load.Replies.Where(reply => reply.Elapsed > MaxResponseTime)
                .Select(reply => (reply.IsWrite, reply.Status, reply.Elapsed)), Is.Empty, "The response was late");
            Assert.That(load.Replies.Where(reply => reply.Status != 200 && Stopwatch.GetElapsedTime(recoveredAt, reply.SentAt) > Promised),
                Is.Empty, "The recovery was late");
        }

        await AssertConsistentAsync();
    }

    [Test]
    public async Task Server_restart_fails_in_flight_requests_with_503_and_service_recovers()
    {
        var waiting = await WithLockAsync("LOCK TABLE organisation_versions", async () =>
        {
            // Each has a lookup of its own, because the one before it has been sent.
            var requests = new List<Task<Reply>>();
            while (requests.Count < DatabaseConcurrencyLimiter.MaxConcurrentLookups)
            {
                requests.Add(requests.Count == 0 ? _ledger.PushNextAsync(_service.Address, writer: 10) : _service.SendAsync());
                await _server.WaitUntilBlockedAsync("Lock", requests.Count);
            }

            return requests;
        }, isServerLost: true);
        var restartedAt = Stopwatch.GetTimestamp();

        Assert.That((await Task.WhenAll(waiting)).Select(reply => (reply.Status, reply["Retry-After"])), Is.All.EqualTo((503, "1")));
        await Eventually.TrueAsync(async () => (await _service.SendAsync()).Status == 200);
        Assert.That(await PushUntilAcknowledgedAsync(writer: 10), Is.EqualTo((5, 0, 0, 0)));
        Assert.That(Stopwatch.GetElapsedTime(restartedAt), Is.LessThan(Promised));
        await AssertConsistentAsync();
    }

    [Test]
    public async Task Push_blocked_by_a_lock_returns_503_and_writes_nothing()
    {
        var before = await _service.SendAsync();
        var (reply, took, during) = await WithLockAsync("UPDATE organisation_versions SET revision = revision", async () =>
        {
            var start = Stopwatch.GetTimestamp();
            var pushed = await _ledger.PushNextAsync(_service.Address, writer: 20);
            return (pushed, Stopwatch.GetElapsedTime(start), await _service.SendAsync());
        });
        await WaitUntilIdleAsync();
        var after = await _service.SendAsync();

        Assert.That((reply.Status, reply["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That(took, Is.LessThan(MaxResponseTime));
        Assert.That((during.Body, during["ETag"]), Is.EqualTo((before.Body, before["ETag"])), "Reads do not wait");
        Assert.That((after.Body, after["ETag"]), Is.EqualTo((before.Body, before["ETag"])));
        Assert.That(await PushUntilAcknowledgedAsync(writer: 20), Is.EqualTo((5, 0, 0, 0)));
        await AssertConsistentAsync();
    }

    [TestCase(30, true, TestName = "Push_whose_hung_commit_was_lost_can_be_retried")]
    [TestCase(31, false, TestName = "Push_whose_hung_commit_succeeded_is_unchanged_by_retry")]
    public async Task Push_with_hung_commit_can_be_retried(int writer, bool commitIsLost)
    {
        // The commit of a new task waits for the lock.
        await ExecuteAsync(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
            """);
        try
        {
            var (hung, took) = await WithLockAsync("SELECT pg_advisory_xact_lock(1)", async () =>
            {
                var pushing = _ledger.PushNextAsync(_service.Address, writer);
                await _server.WaitUntilBlockedAsync("advisory");
                return await AwaitWhileFrozenAsync(pushing);
            }, commitIsLost);

            Assert.That((hung.Status, hung["Retry-After"]), Is.EqualTo((503, "1")), "The outcome is unknown");
            Assert.That(took, Is.LessThan(MaxResponseTime));
            Assert.That(await PushUntilAcknowledgedAsync(writer), Is.EqualTo(commitIsLost ? (5, 0, 0, 0) : (0, 0, 5, 0)));
        }
        finally
        {
            await ExecuteAsync("DROP FUNCTION wait() CASCADE");
        }

        await AssertConsistentAsync();
    }

    [Test]
    public async Task Full_disk_serves_reads_and_returns_503_for_writes_until_freed()
    {
        var many = PushRequest.Create(Enumerable.Range(0, 8_000).Select(i => new NativeTask($"many {i}")));
        var more = PushRequest.Create(Enumerable.Range(0, 8_000).Select(i => new NativeTask($"more {i}")));
        Assert.That((await _service.PushAsync(many)).Status, Is.EqualTo(200));
        var before = await _service.SendAsync();

        await _server.FillDiskAsync();
        var full = await _service.PushAsync(more);
        var during = await _service.SendAsync();
        await _server.FreeDiskAsync();

        Assert.That((full.Status, full["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That((during.Status, during.Body, during["ETag"]), Is.EqualTo((200, before.Body, before["ETag"])));
        Assert.That((await _service.PushAsync(more)).GetCounts(), Is.EqualTo((8_000, 0, 0, 0)));
        await AssertConsistentAsync();
    }

    private async Task AssertConsistentAsync()
    {
        await _ledger.AssertConsistentAsync(_service.Address);
        Assert.That(await _service.VerifyAsync(), Has.Count.EqualTo(1).And.All.Property("IsClean").True);
    }

    // Retries a push until it is acknowledged, and returns its counts. The first attempt may get a connection that was closed with the
    // server.
    private async Task<(long Inserted, long Updated, long Unchanged, long Rejected)> PushUntilAcknowledgedAsync(int writer)
    {
        Reply reply = null!;
        await Eventually.TrueAsync(async () => (reply = await _ledger.RetryLastPushAsync(_service.Address, writer)).Status == 200);
        return reply.GetCounts();
    }

    // The status of a response, and how long it takes, of an unresponsive server.
    private async Task<(Reply Reply, TimeSpan Took)> AwaitWhileFrozenAsync(Task<Reply> request)
    {
        var start = Stopwatch.GetTimestamp();
        await _server.SuspendAsync();
        try
        {
            return (await request, Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            await _server.ResumeAsync();
        }
    }

    // Holds the statement's locks while something else is done; then releases them, or ends with the server.
    private async Task<T> WithLockAsync<T>(string lockSql, Func<Task<T>> action, bool isServerLost = false)
    {
        await using var connection = await PostgresServer.ConnectAsAdministratorAsync(_database.Settings.ConnectionString);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(lockSql, transaction: transaction);
        var result = await action();
        if (isServerLost)
        {
            await _server.StopImmediatelyAsync();
            await _server.StartAsync();
        }

        return result;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await PostgresServer.ConnectAsAdministratorAsync(_database.Settings.ConnectionString);
        await connection.ExecuteAsync(sql);
    }

    // Waits until the server has no active statement of the service.
    private async Task WaitUntilIdleAsync()
    {
        await using var connection = await PostgresServer.ConnectAsAdministratorAsync(_database.Settings.ConnectionString);
        await Eventually.TrueAsync(async () => await connection.ExecuteScalarAsync<int>(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()") == 0);
    }

    private static TestCaseData CreateCase(string name, Func<PostgresServer, Task> fail, Func<PostgresServer, Task> recover) =>
        new TestCaseData(fail, recover).SetArgDisplayNames(name);
}
