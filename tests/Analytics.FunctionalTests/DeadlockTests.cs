using System.Data.Common;
using Analytics.Application.Tasks;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Settings;
using Dapper;

namespace Analytics.FunctionalTests;

/// <summary>A batch that the server sacrificed to end a deadlock is written again, and its caller does not notice.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.Servers))]
internal sealed class DeadlockTests(DatabaseEngine engine) : DatabaseFixture(engine)
{
    /// <summary>What makes the server sacrifice the other one.</summary>
    private string Privilege => Database.Settings.Engine switch
    {
        DatabaseEngine.SqlServer => "SET DEADLOCK_PRIORITY HIGH",
        DatabaseEngine.Postgres => "SET deadlock_timeout = '1min'",
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has one writer at a time."),
    };

    private string WaitersSql => Database.Settings.Engine switch
    {
        DatabaseEngine.SqlServer => "SELECT COUNT(*) FROM sys.sysprocesses WHERE blocked <> 0 AND dbid = DB_ID()",
        DatabaseEngine.Postgres => "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has one writer at a time."),
    };

    [Test]
    [CancelAfter(30_000)]
    public async Task TheBatchIsWrittenAgain(CancellationToken cancellationToken)
    {
        await Database.HasOrganisationAsync(1, 10);
        await Database.ImportNativeAsync(1, ["""{"task_id":"a","space_token":"S10","status":"pending"}"""]);
        await using var rival = await Database.Source.OpenConnectionAsync(cancellationToken);
        await rival.ExecuteAsync(Privilege);
        await using var rivals = await rival.BeginTransactionAsync(cancellationToken);
        await rival.ExecuteAsync("UPDATE tasks SET label = 'x' WHERE organisation_id = 1", transaction: rivals);

        var writing = Database.ImportNativeAsync(1, ["""{"task_id":"a","space_token":"S10","status":"completed"}"""]);
        await UntilSomebodyWaitsAsync(cancellationToken);
        await rival.ExecuteAsync("UPDATE organisation_versions SET revision = revision WHERE organisation_id = 1", transaction: rivals, commandTimeout: 20);
        await rivals.RollbackAsync(cancellationToken);

        Assert.That((await writing).Written, Is.EqualTo(new WriteCounts(0, 1, 0)));
        Assert.That((await Database.VerifyAsync()).Single() is { IsClean: true, Tasks: 1 });
    }

    private async Task UntilSomebodyWaitsAsync(CancellationToken cancellationToken)
    {
        await using DbConnection watcher = await Database.Source.OpenConnectionAsync(cancellationToken);
        while (await watcher.ExecuteScalarAsync<int>(new CommandDefinition(WaitersSql, cancellationToken: cancellationToken)) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
