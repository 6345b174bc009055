using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Settings;
using Dapper;
using EvolveDb;
using EvolveDb.Dialect;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Analytics.FunctionalTests;

/// <summary>A database of the first version, with numbers in it, is brought up to date and answers what it could not be asked before.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class UpgradeTests(DatabaseEngine engine)
{
    private const string InsertTaskSql =
        """
        INSERT INTO tasks (organisation_id, task_id, updated_at, space_id, product_id, run_id, agent, direction, execution_type, status, label, outcome, success_score, duration, created_at)
        VALUES (@organisation, @TaskId, 1, @space, 'unpod.dev', '', @Agent, 'inbound', 'call', 'completed', 'Interested', 'interested', 725, 1500, @CreatedAt)
        """;

    private const string InsertTotalsSql =
        """
        INSERT INTO task_totals (organisation_id, space_id, product_id, interested, call_back, send_details, not_interested, not_connected, calls_failed, calls_other,
               pending, in_progress, completed, tasks_failed, tasks_other, score_sum, scored_calls, duration_sum, timed_calls)
        VALUES (@organisation, @space, 'unpod.dev', @tasks, 0, 0, 0, 0, 0, 0, 0, 0, @tasks, 0, 0, @tasks * 725, @tasks, @tasks * 1500, @tasks)
        """;

    [Test]
    public async Task ItIsNotServedBefore()
    {
        await using var database = await CreateFirstVersionAsync();

        Assert.That(new Migrator(database.Settings).RequireCurrent, Throws.TypeOf<SettingException>().With.Message.Contains("analytics migrate"));
        Assert.That((await new CommandLine(database.Settings).RunAsync(["verify"])).Errors, Does.Contain("analytics migrate"));
    }

    [Test]
    public async Task ItIsMigratedAndFilledAndAnswers()
    {
        await using var database = await CreateFirstVersionAsync();
        var migrated = await new CommandLine(database.Settings).RunAsync(["migrate"]);
        await using var service = AnalyticsService.Start(database);

        Assert.That(migrated.ExitCode, Is.Zero, migrated.Errors);
        Assert.That(migrated.Text, Does.Contain("the periods of 2 organisations filled"));
        Assert.That(await service.VerifyAsync(), Has.Count.EqualTo(2).And.All.Property("IsClean").True);

        var reply = await service.AskAsync(new Question { Query = "start_date=2024-01-01&end_date=2024-01-10&interval=day&group_by=agent&include=reconciliation,components" });
        var data = reply.Json["data"]!;
        Assert.That(data.Rows("series").Select(day => day.Number("call_status", "total_tasks")), Is.EqualTo(Enumerable.Repeat(4m, 10)));
        Assert.That(data.Rows("groups").Select(group => ((string)group["agent"]!, group.Number("components", "success_score_sum"))), Is.EqualTo(new[] { ("", 145m), ("a", 145m) }));
        Assert.That(AnswerRows.Sum(data.Rows("groups")), Is.EqualTo(AnswerRows.Sum(data)));

        await service.HasSalesAsync(new NativeTask("new") { CreatedAt = "2024-01-10T00:00:00Z" });
        Assert.That(AnswerRows.Tasks(await service.AskAsync(new Question { Query = "start_date=2024-01-01" })), Is.EqualTo(41));
    }

    private async Task<ScratchDatabase> CreateFirstVersionAsync()
    {
        var database = await ScratchDatabase.CreateEmptyAsync(engine);
        await using var connection = Connection(database.Settings);
        await connection.OpenAsync();
        new Evolve(connection, dbms: Dialect)
        {
            EmbeddedResourceAssemblies = [typeof(Migrator).Assembly],
            EmbeddedResourceFilters = [$"Analytics.Infrastructure.{engine}.Migrations"],
            Schemas = engine == DatabaseEngine.Postgres ? ["public"] : [],
            MetadataTableName = "schema_migrations",
            TargetVersion = new("1"),
        }.Migrate();
        await FillAsync(connection, organisation: 1, space: 11, tasks: 40);
        await FillAsync(connection, organisation: 2, space: 21, tasks: 2);
        await connection.ExecuteAsync("INSERT INTO tasks (organisation_id, task_id, updated_at) VALUES (1, 'deleted', 1)");
        return database;
    }

    /// <summary>Tasks one every six hours of January, by turns of nobody and of an agent.</summary>
    private static async Task FillAsync(DbConnection connection, long organisation, long space, int tasks)
    {
        var handle = organisation == Acme.Id ? Acme.Handle : $"org{organisation}.example";
        await connection.ExecuteAsync("INSERT INTO organisations (id, handle, name, status) VALUES (@organisation, @handle, '', 'active')", new { organisation, handle });
        await connection.ExecuteAsync("INSERT INTO organisation_versions (organisation_id, revision, stamp, changed_at) VALUES (@organisation, 7, 'of the first version', 1)", new { organisation });
        await connection.ExecuteAsync("INSERT INTO members (organisation_id, user_id, role) VALUES (@organisation, @Member, 'viewer')", new { organisation, Acme.Member });
        await connection.ExecuteAsync("INSERT INTO spaces (organisation_id, id, token, name, content_type, status) VALUES (@organisation, @space, @Sales, '', 'contact', 'active')", new { organisation, space, Acme.Sales });
        await connection.ExecuteAsync(InsertTotalsSql, new { organisation, space, tasks });
        await connection.ExecuteAsync(InsertTaskSql, Enumerable.Range(0, tasks).Select(task =>
            new { organisation, space, TaskId = $"t{task}", Agent = task % 2 == 0 ? "" : "a", CreatedAt = 1_704_067_200_000 + (task * 6L * 3_600_000) }));
    }

    private DbConnection Connection(DatabaseSettings settings) => engine switch
    {
        DatabaseEngine.Sqlite => new SqliteConnection(settings.ConnectionString),
        DatabaseEngine.SqlServer => new SqlConnection(settings.ConnectionString),
        DatabaseEngine.Postgres => new NpgsqlConnection(settings.ConnectionString),
    };

    private DBMS Dialect => engine switch
    {
        DatabaseEngine.Sqlite => DBMS.SQLite,
        DatabaseEngine.SqlServer => DBMS.SQLServer,
        DatabaseEngine.Postgres => DBMS.PostgreSQL,
    };
}
