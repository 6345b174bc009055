using System.Data.Common;
using Analytics.Application.Rollups;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A batch that the server chose as deadlock victim is retried, and the client does not notice.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Servers))]
internal sealed class DeadlockTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;

    // Makes the server choose the other transaction as victim.
    private string PrioritySql => engine switch
    {
        DatabaseEngine.SqlServer => "SET DEADLOCK_PRIORITY HIGH",
        DatabaseEngine.Postgres => "SET deadlock_timeout = '1min'",
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has one writer at a time."),
    };

    private string BlockedSessionsSql => engine switch
    {
        DatabaseEngine.SqlServer => "SELECT COUNT(*) FROM sys.sysprocesses WHERE blocked <> 0 AND dbid = DB_ID()",
        DatabaseEngine.Postgres => "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has one writer at a time."),
    };

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartServiceAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    [CancelAfter(30_000)]
    public async Task Deadlocked_batch_is_retried_and_push_succeeds(CancellationToken cancellationToken)
    {
        await using var rival = await OpenConnectionAsync(cancellationToken);
        await rival.ExecuteAsync(PrioritySql);
        await using var rivalTransaction = await rival.BeginTransactionAsync(cancellationToken);
        await rival.ExecuteAsync($"UPDATE tasks SET label = 'x' WHERE organisation_id = {Acme.Id}", transaction: rivalTransaction);

        var pushing = _service.PushAsync(new NativeTask("first") { Outcome = "Call Back" });
        await WaitUntilBlockedAsync(cancellationToken);
        await rival.ExecuteAsync($"UPDATE organisation_versions SET revision = revision WHERE organisation_id = {Acme.Id}",
            transaction: rivalTransaction, commandTimeout: 20);
        await rivalTransaction.RollbackAsync(cancellationToken);
        var pushed = await pushing;

        Assert.That((pushed.Status, pushed.GetCounts()), Is.EqualTo((200, (0, 1, 0, 0))));
        Assert.That((int)(await _service.SendAsync()).Json["data"]!["call_analytics"]!["call_back"]!, Is.EqualTo(1));
        await foreach (var recount in _service.Services.GetRequiredService<RollupVerifier>().RunAsync(repair: false, cancellationToken))
        {
            Assert.That(recount is { IsClean: true, Tasks: 1 });
        }
    }

    private async Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(cancellationToken);

    private async Task WaitUntilBlockedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        while (await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(BlockedSessionsSql, cancellationToken: cancellationToken)) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
