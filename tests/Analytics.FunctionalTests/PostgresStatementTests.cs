using System.Collections.Concurrent;
using System.Diagnostics;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>
/// What Citus requires: every row and statement contains the organisation's id, which is the distribution column. Only organisations
/// and members are on every server.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Postgres))]
[NonParallelizable]
internal sealed class PostgresStatementTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string OrganisationsTable = "organisations";

    [Test]
    public async Task Every_index_except_those_of_organisations_starts_with_organisation_id()
    {
        await using var connection = await OpenConnectionAsync();
        var firstColumns = (await connection.QueryAsync<(string Table, string Column)>(
            """
            SELECT t.relname, a.attname
              FROM pg_index i
              JOIN pg_class t     ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
              JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
             WHERE t.relname NOT IN ('schema_migrations', 'catalogue_lock')
               AND i.indexrelid <> 'spaces_by_id'::regclass -- only imports read it
               AND i.indexrelid <> 'members_by_user'::regclass -- members are on every server
            """)).ToList();

        Assert.That(firstColumns.Where(index => index.Table != OrganisationsTable).Select(index => index.Column),
            Is.Not.Empty.And.All.EqualTo("organisation_id"));
        Assert.That(firstColumns.Where(index => index.Table == OrganisationsTable).Select(index => index.Column),
            Is.EquivalentTo(new[] { "id", "handle" }));
    }

    [Test]
    public async Task Every_statement_after_resolution_has_an_organisation_id_parameter()
    {
        var statements = await CaptureStatementsAsync(async () =>
        {
            await Service.SendAsync();
            await Service.SendAsync(new AnalyticsRequest { Handle = "nobody.example" });
            await Service.ListTasksAsync("include=total");
            await Service.ListTasksAsync("format=csv");
            await Service.ListSpacesAsync("limit=1");
            await Service.AddSalesTasksAsync(
                new NativeTask("first") { Outcome = "Call Back" }, new NativeTask("second") { ProductId = "unpod.tv" });
            await Service.ReplaceMembersAsync(Acme.Id, Acme.MemberUserId);
        });

        var organisationStatements = statements.Distinct(StringComparer.Ordinal)
            .Where(sql => !sql.Contains($"FROM {OrganisationsTable}", StringComparison.Ordinal))
            .Where(sql => !sql.Contains($"JOIN {OrganisationsTable} o ON o.handle", StringComparison.Ordinal)).ToList();
        Assert.That(organisationStatements, Has.Count.GreaterThanOrEqualTo(7));
        Assert.That(organisationStatements, Is.All
            .Match(@"organisation_id = (@OrganisationId|\$\d|ANY\((@OrganisationIds|\$\d)\))|^COPY tasks \(organisation_id|INSERT INTO members \(organisation_id, user_id, role\) VALUES \((@OrganisationId|\$1)"));
    }

    [Test]
    public async Task List_of_organisations_is_one_statement_over_tables_that_are_on_every_server()
    {
        var statements = await CaptureStatementsAsync(() => Service.ListOrganisationsAsync());

        Assert.That(statements, Has.Count.EqualTo(1));
        Assert.That(System.Text.RegularExpressions.Regex.Matches(statements.Single(), @"(?<=(FROM|JOIN) )\w+",
            System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(table => table.Value),
            Is.EqualTo(new[] { "members", OrganisationsTable }));
    }

    [Test]
    public async Task Unknown_closed_and_foreign_organisations_send_the_same_statements()
    {
        await Service.AddOrganisationAsync(8, "queried.example");
        await Service.AddMemberAsync(8, "someone else");
        await Service.SendAsync(
            new AnalyticsRequest { Handle = "queried.example", Authorization = Tokens.CreateAuthorization("someone else") });
        await Service.AddOrganisationAsync(9, "closed.example", "inactive");
        await Service.AddMemberAsync(9, Acme.MemberUserId);
        await Service.AddOrganisationAsync(10, "never-queried.example");

        var statementsByHandle = new List<string>();
        foreach (var handle in new[] { "nobody.example", "queried.example", "closed.example", "never-queried.example" })
        {
            statementsByHandle.Add(
                string.Join('\n', await CaptureStatementsAsync(() => Service.SendAsync(new AnalyticsRequest { Handle = handle }))));
        }

        Assert.That(statementsByHandle, Is.All.EqualTo(statementsByHandle[0]).And.All.Contain("\n"));
    }

    [Test]
    public async Task Every_join_is_on_organisation_id()
    {
        var statements = await CaptureStatementsAsync(async () =>
        {
            await Service.SendAsync(new AnalyticsRequest { Product = "unpod.fm" });
            await Service.ListTasksAsync("include=total", new AnalyticsRequest { Product = "unpod.fm" });
            await Service.ListTasksAsync("format=csv", new AnalyticsRequest { Product = "unpod.fm" });
            await Service.AddSalesTasksAsync(new NativeTask("third") { ProductId = "unpod.fm" });
        });

        var joins = statements.Distinct(StringComparer.Ordinal)
            .SelectMany(sql => System.Text.RegularExpressions.Regex.Matches(sql, @"\n\s+(LEFT )?JOIN \w+ \w+\s+ON (?<condition>[^\n]+)",
                System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))).ToList();
        Assert.That(joins, Has.Count.GreaterThanOrEqualTo(4));
        Assert.That(joins.Select(join => join.Groups["condition"].Value),
            Is.All.Match(@"^(\w\.organisation_id = \w\.organisation_id|o\.id = v\.organisation_id|o\.handle = k\.handle$)"));
    }

    // As the driver reports them, in their order.
    private static async Task<IReadOnlyCollection<string>> CaptureStatementsAsync(Func<Task> action)
    {
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if ((activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string sql)
                {
                    statements.Enqueue(sql);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await action();
        return [.. statements];
    }

    private async Task<System.Data.Common.DbConnection> OpenConnectionAsync() =>
        await Service.Services.GetRequiredService<System.Data.Common.DbDataSource>().OpenConnectionAsync();
}
