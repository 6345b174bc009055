using System.Text.RegularExpressions;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Sqlite;
using Dapper;

namespace Analytics.FunctionalTests;

/// <summary>Every statement of a request and of a batch uses an index that begins with the organisation.</summary>
internal sealed partial class SqliteQueryPlanTests
{
    private TestDatabase _database;

    [OneTimeSetUp]
    public async Task CreateDatabase()
    {
        _database = await TestDatabase.CreateAsync(DatabaseEngine.Sqlite);
        await _database.AddOrganisationAsync(1, 10, 11);
    }

    [OneTimeTearDown]
    public async Task DropDatabase() => await _database.DisposeAsync();

    [Test]
    public async Task Totals_query_seeks_by_key_and_does_not_read_tasks()
    {
        Assert.That(GetAnalyticsSql.SelectTotals, Does.Not.Match(@"\btasks\b"));
        Assert.That(await GetTableAccessesAsync(GetAnalyticsSql.SelectTotals), Is.EqualTo(new[]
        {
            "SEARCH v USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH s USING PRIMARY KEY (organisation_id=?) LEFT-JOIN",
            "SEARCH r USING PRIMARY KEY (organisation_id=? AND space_id=? AND product_id=?) LEFT-JOIN",
        }));
    }

    [Test]
    public async Task Spaces_query_has_the_plan_of_the_totals_query_and_does_not_read_tasks()
    {
        Assert.That(GetAnalyticsSql.SelectSpaces, Does.Not.Match(@"\btasks\b"));
        Assert.That(await GetTableAccessesAsync(GetAnalyticsSql.SelectSpaces),
            Is.EqualTo(await GetTableAccessesAsync(GetAnalyticsSql.SelectTotals)));
    }

    [Test]
    public async Task First_task_is_one_seek_in_the_index_of_each_space() =>
        Assert.That(await GetTableAccessesAsync(OrganisationFactsSql.Select(SqlDialect.Common)), Is.EquivalentTo(new[]
        {
            "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH s USING PRIMARY KEY (organisation_id=?)",
            "SEARCH t USING COVERING INDEX tasks_by_space (organisation_id=? AND product_id=? AND space_id=?)",
        }));

    [TestCase(RollupIndex.Key,
        "PRIMARY KEY (organisation_id=? AND space_id=? AND product_id=? AND granularity=? AND starts_at>? AND starts_at<?)")]
    [TestCase(RollupIndex.ByAgent,
        "INDEX task_rollups_by_agent (organisation_id=? AND product_id=? AND granularity=? AND agent=? AND starts_at>? AND starts_at<?)")]
    [TestCase(RollupIndex.ByRun,
        "INDEX task_rollups_by_run (organisation_id=? AND product_id=? AND granularity=? AND member=? AND starts_at>? AND starts_at<?)")]
    public async Task Rollups_of_a_range_are_one_range_of_the_index(RollupIndex index, string access) =>
        Assert.That(await GetTableAccessesAsync(SqliteRollupStatements.Select(index)), Does.Contain($"SEARCH r USING {access}"));

    [Test]
    public async Task Spelling_of_a_label_is_one_seek_in_the_index_of_labels() =>
        Assert.That(await GetTableAccessesAsync(SqliteRollupStatements.ReadSpellings), Does.Contain(
            "SEARCH t USING INDEX tasks_by_label (organisation_id=? AND product_id=? AND normalized_label=?)"));

    [Test]
    public async Task Organisation_is_found_by_the_handle_index() =>
        Assert.That(await GetTableAccessesAsync(OrganisationSql.SelectIdByHandle), Is.EqualTo(new[]
        {
            "SEARCH organisations USING COVERING INDEX sqlite_autoindex_organisations_1 (handle=?)",
        }));

    [Test]
    public async Task Member_is_found_by_primary_key() =>
        Assert.That(await GetTableAccessesAsync(OrganisationResolutionSql.SelectForMember), Is.EqualTo(new[]
        {
            "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH v USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH m USING PRIMARY KEY (organisation_id=? AND user_id=?)",
        }));

    [Test]
    public async Task Organisations_of_a_user_are_found_by_the_index_of_users() =>
        Assert.That(await GetTableAccessesAsync(ListOrganisationsSql.SelectPage(SqlDialect.Common)), Is.EqualTo(new[]
        {
            "SEARCH m USING INDEX members_by_user (user_id=?)",
            "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)",
        }));

    [Test]
    public async Task Space_list_is_read_in_index_order_without_sorting()
    {
        var steps = await GetPlanStepsAsync(ListSpacesSql.SelectPage(SqlDialect.Common));

        Assert.That(steps, Does.Contain("SEARCH s USING INDEX spaces_by_name (organisation_id=? AND name>?)"));
        Assert.That(steps.FindIndex(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal)),
            Is.EqualTo(-1).Or.EqualTo(steps.Count - 1), "Only the rows of a page are sorted, after they are read.");
    }

    [Test]
    public async Task Stored_tasks_of_a_batch_are_found_by_id() =>
        Assert.That((await GetTableAccessesAsync(SqliteStatements.ReadStored))[0],
            Is.EqualTo("SEARCH t USING INDEX sqlite_autoindex_tasks_1 (organisation_id=? AND task_id=?)"));

    [TestCase(AccessPath.Time, "tasks_by_time", "")]
    [TestCase(AccessPath.Run, "tasks_by_run", "run_id=? AND ")]
    [TestCase(AccessPath.Agent, "tasks_by_agent", "agent=? AND ")]
    [TestCase(AccessPath.Label, "tasks_by_label", "normalized_label=? AND ")]
    [TestCase(AccessPath.Outcome, "tasks_by_outcome", "outcome=? AND ")]
    [TestCase(AccessPath.Status, "tasks_by_status", "normalized_status=? AND ")]
    [TestCase(AccessPath.Space, "tasks_by_space", "space_id=? AND ")]
    public async Task Task_list_is_read_in_index_order_without_sorting(AccessPath path, string index, string columns)
    {
        var earlier = $"{index} (organisation_id=? AND product_id=? AND {columns}created_at>? AND created_at<?)";
        var sameTime = $"{index} (organisation_id=? AND product_id=? AND {columns}created_at=? AND task_id>?)";
        foreach (var (statement, range) in new[]
        {
            (ListTasksSql.SelectPage(path, KeyRange.Earlier, SqlDialect.Common), earlier),
            (ListTasksSql.SelectPage(path, KeyRange.SameTime, SqlDialect.Common), sameTime),
            (ListTasksSql.SelectKeys(path, KeyRange.Earlier, SqlDialect.Common), earlier),
            (ListTasksSql.SelectKeys(path, KeyRange.SameTime, SqlDialect.Common), sameTime),
            (ListTasksSql.CountMatching(path, SqlDialect.Common), earlier),
            (ListTasksSql.CountSameTime(path, SqlDialect.Common), sameTime),
            (ListTasksSql.SelectExport(path, SqlDialect.Common), earlier),
        })
        {
            var steps = await GetPlanStepsAsync(statement);

            Assert.That(steps, Has.Some.Match($"^SEARCH t USING (COVERING )?INDEX {Regex.Escape(range)}$"), statement);
            Assert.That(steps.FindIndex(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal)),
                Is.EqualTo(-1).Or.EqualTo(steps.Count - 1), "Only the rows of a page are sorted, after they are read.");
        }
    }

    private async Task<List<string>> GetTableAccessesAsync(string sql) =>
        [.. (await GetPlanStepsAsync(sql)).Where(
            step => step.StartsWith("SEARCH", StringComparison.Ordinal) || step.StartsWith("SCAN", StringComparison.Ordinal))];

    private async Task<List<string>> GetPlanStepsAsync(string sql)
    {
        var parameters = new DynamicParameters();
        foreach (Match name in ParameterName().Matches(sql))
        {
            parameters.Add(name.Value, "1");
        }

        await using var connection = await _database.DataSource.OpenConnectionAsync();
        return [.. (await connection.QueryAsync($"EXPLAIN QUERY PLAN {sql}", parameters)).Select(step => (string)step.detail)];
    }

    [GeneratedRegex("@\\w+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ParameterName();
}
