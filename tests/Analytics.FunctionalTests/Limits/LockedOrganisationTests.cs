using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Limits;

/// <summary>
/// Writers that wait for one locked organisation delay no other organisation, and do not reveal that it exists. (SQLite has one writer for
/// all.)
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Servers))]
[NonParallelizable]
internal sealed class LockedOrganisationTests(DatabaseEngine engine)
{
    private const string LockSql = "UPDATE organisation_versions SET revision = revision WHERE organisation_id = 1";

    private string WaitersSql => engine switch
    {
        DatabaseEngine.SqlServer => "SELECT COUNT(*) FROM sys.sysprocesses WHERE blocked <> 0 AND dbid = DB_ID()",
        DatabaseEngine.Postgres => "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has one writer at a time."),
    };

    [Test]
    [CancelAfter(30_000)]
    public async Task Locked_organisation_does_not_delay_other_organisations(CancellationToken cancellationToken)
    {
        await using var service =
            await Acme.StartServiceAsync(engine, ("Database:MaxConcurrentWrites", "3"), ("Timeouts:RequestSeconds", "20"));
        await service.AddOrganisationAsync(2, "beta.example");
        await service.AddMemberAsync(2, PushRequest.EditorUserId, "editor");
        await service.AddSpaceAsync(2, 21, "BETA");
        await using var lockConnection = await service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(cancellationToken);
        await using var lockTransaction = await lockConnection.BeginTransactionAsync(cancellationToken);
        await lockConnection.ExecuteAsync(LockSql, transaction: lockTransaction);

        var waiting = Enumerable.Range(0, 6).Select(i => service.PushAsync(new NativeTask($"waiting {i}"))).ToList();
        await using var monitor = await service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(cancellationToken);
        while (await monitor.ExecuteScalarAsync<int>(WaitersSql) < 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var nonMemberPush = PushRequest.Create(new NativeTask("strange")) with {
            Authorization = Tokens.CreateAuthorization("non-member"), Headers = [("X-Request-Id", "a")] };
        var nonMember = await service.PushAsync(nonMemberPush);
        var unknown = await service.PushAsync(nonMemberPush with { Handle = "nobody.example" });
        var other = await service.PushAsync(
            PushRequest.Create(new NativeTask("b") { SpaceToken = "BETA" }) with { Handle = "beta.example" });
        var stillWaiting = waiting.Exists(push => !push.IsCompleted);
        await lockTransaction.RollbackAsync(cancellationToken);

        Assert.That((nonMember.Status, nonMember.Body), Is.EqualTo((404, unknown.Body)),
            "Waiting would reveal that the organisation exists");
        Assert.That((other.Status, other.GetCounts(), stillWaiting), Is.EqualTo((200, (1L, 0L, 0L, 0L), true)));
        Assert.That((await Task.WhenAll(waiting)).Select(reply => reply.Status), Is.All.EqualTo(200));
    }
}
