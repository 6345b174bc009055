using System.Data.Common;
using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Analytics.FunctionalTests.Limits;

/// <summary>The timeout of a whole request.</summary>
[NonParallelizable]
internal sealed class RequestTimeoutTests
{
    private const string EndlessQuery = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(20);

    private static IEnumerable<bool> OnPostgres => TestEngines.Configured.Contains(DatabaseEngine.Postgres) ? [false, true] : [];

    [Test]
    public async Task Slow_request_returns_503_and_logs_one_warning()
    {
        using var warnings = new LogRecorder();
        await using var service = await StartAsync(warnings);
        BlockDatabase(service);
        var before = warnings.Entries.Count();

        var reply = await service.SendAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "a")] });
        var ready = await service.SendAsync("/health/ready");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply["Retry-After"], reply.Body),
                Is.EqualTo((503, "1",
                    """{"status_code":503,"message":"Service temporarily unavailable.","code":"unavailable","request_id":"a"}""")));
            Assert.That((ready.Status, ready["Retry-After"]), Is.EqualTo((503, "1")));
            Assert.That(warnings.Entries.Skip(before), Is.EqualTo(new[]
            {
                (LogLevel.Warning, $"GET {AnalyticsRequest.AnalyticsPath.Trim('/')} timed out after 1 s, request a"),
                (LogLevel.Warning, $"GET health/ready timed out after 1 s, request {ready["X-Request-Id"]}"),
            }));
        }
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Client_disconnect_is_not_logged(CancellationToken cancellationToken)
    {
        using var warnings = new LogRecorder();
        int before;
        await using (var service = await StartAsync(warnings, ("Timeouts:RequestSeconds", "60")))
        {
            before = warnings.Entries.Count();
            BlockDatabase(service);
            await DisconnectAsync(service, cancellationToken);
        }

        // Shutdown waits for the rest of the request.
        Assert.That(warnings.Entries.Skip(before), Is.Empty);
    }

    [Test]
    public async Task Abandoned_write_keeps_its_permit_until_it_ends()
    {
        using var warnings = new LogRecorder();
        await using var service = await StartAsync(warnings, ("Database:MaxConcurrentWrites", "1"), ("Database:WriteQueueLimit", "0"));
        var before = warnings.Entries.Count();
        await using (var other = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=False"))
        {
            await other.OpenAsync();
            await other.ExecuteAsync("BEGIN IMMEDIATE");

            var abandoned = await service.PushAsync(PushRequest.Create(new NativeTask("a")) with { Headers = [("X-Request-Id", "a")] });
            var rejected = await service.PushAsync(PushRequest.Create(new NativeTask("b")) with { Headers = [("X-Request-Id", "b")] });

            Assert.That((abandoned.Status, rejected.Status), Is.EqualTo((503, 503)));
            Assert.That(warnings.Entries.Skip(before).Select(entry => entry.Text), Is.EqualTo(new[]
            {
                $"POST {PushRequest.Path.Trim('/')} timed out after 1 s, request a",
                $"POST {PushRequest.Path.Trim('/')} was rejected because of overload, request b",
            }));
        }

        await Eventually.TrueAsync(async () => (await service.PushAsync(new NativeTask("c"))).Status == 200);
        Assert.That(warnings.Entries.Skip(before), Has.None.Matches<(LogLevel Level, string)>(entry => entry.Level > LogLevel.Warning));
    }

    [TestCase(AnalyticsRequest.AnalyticsPath), TestCase(EventStream.Path), TestCase(PushRequest.Path)]
    public async Task Exception_of_an_abandoned_request_is_logged_once_with_its_stack(string path)
    {
        using var warnings = new LogRecorder();
        var gate = new HandlerGate();
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite,
            services =>
            {
                gate.Install(services);
                services.AddSingleton<ILoggerProvider>(warnings);
            },
            ("Timeouts:RequestSeconds", "1"));
        gate.HeldHandle = Acme.Handle;

        var isPush = path == PushRequest.Path;
        var reply = isPush
            ? await service.PushAsync(new NativeTask("a"))
            : await service.SendAsync(new AnalyticsRequest { Path = path });
        Assert.That((reply.Status, warnings.Exceptions), Is.EqualTo((503, Array.Empty<Exception>())));
        gate.Fail(new InvalidOperationException("late"));
        await Eventually.TrueAsync(() => warnings.Exceptions.Any());

        Assert.That(warnings.Exceptions.Single().StackTrace, Does.Contain(nameof(HandlerGate)));
        Assert.That(warnings.Entries.Last(), Is.EqualTo((LogLevel.Error,
            $"{(isPush ? "POST" : "GET")} {path.Trim('/')} failed after the request had ended, request {reply["X-Request-Id"]}")));
    }

    [Test]
    public async Task Open_stream_outlives_the_request_timeout()
    {
        using var warnings = new LogRecorder();
        await using var service = await StartAsync(warnings);
        using var stream = await service.OpenStreamAsync();
        await stream.ReadNextEventAsync();

        var databaseGate = BlockDatabase(service);
        Assert.That((await service.SendAsync()).Status, Is.EqualTo(503), "The timeout has passed");

        databaseGate.SetResult();
        await service.AddSalesTasksAsync(new NativeTask("second"));
        Assert.That((await stream.ReadNextEventAsync())?.Data, Does.Contain("\"total_calls\":2"));
    }

    [Test]
    public async Task Sqlite_cancels_a_running_statement()
    {
        await using var service = await Acme.StartServiceAsync();
        await using var connection = await service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var failure = Assert.ThrowsAsync<SqliteException>(() => Task.Run(() => connection.QuerySingleAsync<long>(
            new CommandDefinition(EndlessQuery, commandTimeout: 60, cancellationToken: timeout.Token))).WaitAsync(TestTimeout));

        Assert.That(failure!.SqliteErrorCode, Is.EqualTo(SQLitePCL.raw.SQLITE_INTERRUPT));
        Assert.That(await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tasks"), Is.EqualTo(1),
            "The next statement is not cancelled");
    }

    [TestCaseSource(nameof(OnPostgres))]
    public async Task Postgres_cancels_a_waiting_statement_and_returns_503(bool byCommandTimeout)
    {
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Postgres, ("Timeouts:CommandSeconds", byCommandTimeout ? "1" : "60"),
            ("Timeouts:RequestSeconds", byCommandTimeout ? "60" : "1"));
        await using (var other = new NpgsqlConnection(service.Database.ConnectionString))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await other.ExecuteAsync("LOCK TABLE organisations", transaction: transaction);
            var reply = await service.SendAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "a")] }).WaitAsync(TestTimeout);

            Assert.That((reply.Status, reply["Retry-After"], reply.Body),
                Is.EqualTo((503, "1",
                    """{"status_code":503,"message":"Service temporarily unavailable.","code":"unavailable","request_id":"a"}""")));
        }

        Assert.That((await service.SendAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public void Default_limits_match_the_documentation()
    {
        var limits = DatabaseLimits.From(new ConfigurationBuilder().Build());

        Assert.That((limits.ConnectSeconds, limits.CommandSeconds, limits.Writes), Is.EqualTo((2, 3, new ConcurrencyLimit(8, 128))));
        Assert.That(limits.Reads, Is.EqualTo(new ConcurrencyLimit(2 * Environment.ProcessorCount, 256)));
    }

    private static Task<AnalyticsService> StartAsync(LogRecorder warnings, params IEnumerable<(string Key, string? Value)> settings) =>
        Acme.StartServiceAsync(
        DatabaseEngine.Sqlite,
        parts =>
        {
            ObservedDataSource.Install(parts);
            parts.AddSingleton<ILoggerProvider>(warnings);
        },
        [("Timeouts:RequestSeconds", "1"), .. settings]);

    // Sends a request, and disconnects once the service has begun to query the database.
    private static async Task DisconnectAsync(AnalyticsService service, CancellationToken cancellationToken)
    {
        var database = (ObservedDataSource)service.Services.GetRequiredService<DbDataSource>();
        var before = database.OpenedConnections;
        using var client = service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, AnalyticsRequest.AnalyticsPath);
        request.Headers.TryAddWithoutValidation("Authorization", Tokens.CreateAuthorization(Acme.MemberUserId));
        request.Headers.Add("Org-Handle", Acme.Handle);
        using var disconnect = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = client.SendAsync(request, disconnect.Token);
        while (database.OpenedConnections == before)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }

        await disconnect.CancelAsync();
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    // Makes the database unresponsive until it is released.
    private static TaskCompletionSource BlockDatabase(AnalyticsService service)
    {
        var databaseGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ((ObservedDataSource)service.Services.GetRequiredService<DbDataSource>()).BeforeOpen = databaseGate.Task;
        return databaseGate;
    }
}
