using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;

namespace Analytics.FunctionalTests;

/// <summary>Each command logs on standard error which user did what to which organisation.</summary>
internal sealed partial class AuditTests() : DatabaseFixture(DatabaseEngine.Sqlite)
{
    private const string PersonalName = "Asha Rao";

    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task SeedOrganisationsAsync()
    {
        _commandLine = new CommandLine(Database.Settings);
        await Database.AddOrganisationAsync(1, 10);
        await Database.AddOrganisationAsync(2, 20);
        await Database.ImportNativeAsync(
            1, ["""{"task_id":"a","space_token":"S10","status":"pending"}""", """{"task_id":"b","deleted":true}"""]);
    }

    [TestCase("organisations list", "organisations listed by {operator}: organisations 2")]
    [TestCase("spaces list --organisation org1.example", "spaces listed by {operator}, organisation 1: spaces 1")]
    [TestCase("members list --organisation org1.example", "members listed by {operator}, organisation 1: members 0")]
    [TestCase("members add --organisation org1.example --user 8", "member added by {operator}, organisation 1: user 8, added 1")]
    [TestCase("members remove --organisation org1.example --user 8", "member removed by {operator}, organisation 1: user 8, unchanged 1")]
    [TestCase("spaces archive --organisation org1.example --space S10",
        "space archived by {operator}, organisation 1: space S10, archived 1")]
    [TestCase("organisations archive --organisation org1.example", "organisation archived by {operator}, organisation 1: archived 1")]
    [TestCase(
        "tasks purge --organisation org1.example --before 2100-01-01",
        "purge started by {operator}, organisation 1: created before 2100-01-01T00:00:00.000Z",
        "tasks purged by {operator}, organisation 1: deleted 1, unchanged 0")]
    [TestCase("tasks purge --organisation org1.example", "purge started by {operator}, organisation 1: created before now",
        "tasks purged by {operator}, organisation 1: deleted 1, unchanged 0")]
    [TestCase("organisations erase --organisation org1.example",
        "erase previewed by {operator}, organisation 1: tasks 1, deleted tasks 1, spaces 1, members 0")]
    [TestCase(
        "organisations erase --organisation org1.example --yes",
        "erase started by {operator}, organisation 1: tasks 1, deleted tasks 1, spaces 1, members 0",
        "organisation erased by {operator}, organisation 1: tasks 1, deleted tasks 1, spaces 1, members 0")]
    [TestCase("demo", "demo loaded by {operator}, organisation 9000000000: tasks 702")]
    [TestCase("migrate", "database migrated by {operator}: migrations 0, organisations backfilled 0")]
    [TestCase("verify", "rollups verified by {operator}: organisations 2, inconsistent 0")]
    [TestCase("token --user 8 --scope tasks:write", "token issued by {operator}: user 8, days 30, scope tasks:write")]
    public async Task Command_is_audited(string arguments, params string[] records) =>
        Assert.That(GetAuditRecords(await _commandLine.RunAsync(arguments.Split(' '))), Is.EqualTo(InsertOperator(records)));

    [TestCase("organisations", "id,name,domain_handle,status\n1,Asha Rao,org1.example,active\n2,,org2.example,active\n",
        "organisations imported by {operator}, organisation 1: inserted 0, updated 1, unchanged 0")]
    [TestCase("organisations", "id,name,domain_handle,status\n1,,org1.example,active\n2,,org2.example,active\n",
        "organisations imported by {operator}: unchanged 2")]
    [TestCase(
        "spaces",
        "id,space_organization_id,name,token,content_type,status\n10,1,Asha Rao,S10,contact,active\n11,1,,S11,contact,active\n21,2,,S21,contact,active\n",
        "spaces imported by {operator}, organisation 1: inserted 1, updated 1, unchanged 0",
        "spaces imported by {operator}, organisation 2: inserted 1, updated 0, unchanged 0")]
    [TestCase("members", "organization_id,user_id,role\n1,7,owner\n1,8,viewer\n",
        "members imported by {operator}, organisation 1: added 2, removed 0, changed 0, unchanged 0")]
    [TestCase(
        "tasks",
        """
        {"_id":{"$oid":"690500001234570290abcdef"},"task_id":"a","space_id":"10","status":"completed","input":{"name":"Asha Rao"}}
        {"_id":{"$oid":"690500001234570290abcdef"},"task_id":"a","space_id":"20","status":"completed","input":{"name":"Asha Rao"}}
        {"_id":{"$oid":"690500001234570290abcdef"},"task_id":"c","space_id":"20","status":"completed","input":{"name":"Asha Rao"}}
        {"_id":{"$oid":"690500001234570290abcdef"},"task_id":"d","space_id":"99","status":"completed","input":{"name":"Asha Rao"}}
        """,
        "import started by {operator}: format unpod",
        "tasks imported by {operator}, organisation 2: inserted 2, updated 0, unchanged 0")]
    public async Task Import_is_audited_for_each_changed_organisation_without_personal_data(
        string kind, string file, params string[] records)
    {
        var output = await _commandLine.RunAsync(["import", kind, "-"], file);
        Assert.That(GetAuditRecords(output), Is.EqualTo(InsertOperator(records)));
        Assert.That(output.StandardError, Does.Not.Contain(PersonalName));
    }

    [TestCase("organisations", "id,name,domain_handle,status\n1,New,org1.example,active\n2,New,org2.example,active\n",
        "UPDATE ON organisations", "NEW.id = 2",
        "organisations imported by {operator}, organisation 1: inserted 0, updated 1, unchanged 0")]
    [TestCase(
        "spaces",
        "id,space_organization_id,name,token,content_type,status\n11,1,,S11,contact,active\n21,2,,S21,contact,active\n",
        "INSERT ON spaces",
        "NEW.organisation_id = 2",
        "spaces imported by {operator}, organisation 1: inserted 1, updated 0, unchanged 0")]
    [TestCase(
        "members",
        "organization_id,user_id,role\n1,7,owner\n2,7,owner\n",
        "INSERT ON members",
        "NEW.organisation_id = 2",
        "members imported by {operator}, organisation 1: added 1, removed 0, changed 0, unchanged 0")]
    public async Task Import_that_fails_midway_audits_what_it_had_written(
        string kind, string file, string triggerEvent, string triggerCondition, string record)
    {
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                $"CREATE TRIGGER fails BEFORE {triggerEvent} WHEN {triggerCondition} BEGIN SELECT RAISE(ABORT, 'out of order'); END");
        }

        var output = await _commandLine.RunAsync(["import", kind, "-"], file);

        Assert.That(output.StandardError, Does.Contain("The database failed: ").And.Contain("out of order"));
        Assert.That(GetAuditRecords(output), Is.EqualTo(InsertOperator(record)));
    }

    [Test]
    public async Task Repair_is_audited_for_the_repaired_organisation()
    {
        await Database.ImportNativeAsync(2, ["""{"task_id":"a","space_token":"S20","status":"pending"}"""]);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE task_totals SET pending = 3 WHERE organisation_id = 2");
        }

        Assert.That(GetAuditRecords(await _commandLine.RunAsync(["verify", "--repair"])), Is.EqualTo(InsertOperator(
            "rollups repaired by {operator}, organisation 2: tasks 1, totals 1, rollups 0, outcomes 0",
            "rollups verified and repaired by {operator}: organisations 2, inconsistent 1")));
    }

    [Test]
    public async Task Audit_records_of_one_run_share_a_request_id()
    {
        string[] erase = ["organisations", "erase", "--organisation", "org1.example", "--yes"];
        var first = GetRequestIds(await _commandLine.RunAsync(erase));
        var second = GetRequestIds(await _commandLine.RunAsync(["organisations", "list"]));

        Assert.That(first, Has.Count.EqualTo(2).And.All.EqualTo(first[0]));
        Assert.That(second.Single(), Is.Not.EqualTo(first[0]));
    }

    private static IEnumerable<string> InsertOperator(params string[] records) =>
        [.. records.Select(record => record.Replace("{operator}", $"operator {Environment.UserName}", StringComparison.Ordinal))];

    private static List<string> GetAuditRecords(CommandResult output) =>
        [.. AuditLinePattern().Matches(output.StandardError).Select(line => line.Groups["record"].Value)];

    private static List<string> GetRequestIds(CommandResult output) =>
        [.. AuditLinePattern().Matches(output.StandardError).Select(line => line.Groups["request"].Value)];

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z Audit: (?<record>.*), request (?<request>[0-9a-f]{32})\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AuditLinePattern();
}
