using System.Globalization;
using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsvHelper;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>SQL in any input is rejected or stored unchanged, and never executed.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class SqlInjectionTests(DatabaseEngine engine) : AttackFixture(engine)
{
    private static readonly string[] Statements =
    [
        "' OR '1'='1", "' OR 1=1 --", "\" OR \"\"=\"", "'; DROP TABLE tasks; --", "1; DELETE FROM task_totals",
        "') ; DROP TABLE members; --", "' UNION SELECT task_id FROM tasks --", "\\'; DROP TABLE tasks; --", "%' OR '%'='", "_", "%",
        "[a-z]%", "@OrganisationId", "$1", ":1", "?", "NULL", "'||(SELECT 1)||'", "';WAITFOR DELAY '0:0:9'--", "'||pg_sleep(9)--",
        "{{7*7}}", "${7*7}", "$(id)", "=1+1", "+1", "-1", "@SUM(1)", "<script>alert(1)</script>", "a,b\"c", "\uFF07 OR 1=1",
        "\u02BC OR 1=1", "\U0001F600'",
    ];

    private static readonly string[] Parameters = [.. Route.QueryParameters, "anything"];

    // Only for lists: elsewhere they have no meaning.
    private static readonly string[] IgnoredByAnalytics = ["outcome", "status", "execution_type", "label", "task_id", "cursor", "anything"];

    [TestCaseSource(nameof(Parameters))]
    public async Task Sql_in_query_parameter_matches_nothing(string parameter)
    {
        foreach (var statement in Statements)
        {
            foreach (var route in Route.ReadRoutes)
            {
                var reply = await Service.SendAsync(
                    route, new AnalyticsRequest { Query = $"{parameter}={Uri.EscapeDataString(statement)}" });

                // A word such as NULL is a valid token of a space.
                Assert.That(reply.Status, Is.EqualTo(400).Or.EqualTo(200).Or.EqualTo(parameter == "space_token" ? 404 : 400),
                    $"{route} {statement}: {reply.Body}");
                Assert.That(reply.Status != 200 || (route != Route.Tasks && IgnoredByAnalytics.Contains(parameter))
                    || route.IsEmptyResult(reply), $"{route} {statement}: {reply.Body}");
            }

            var push = await Service.PushAsync(PushRequest.Create(new NativeTask("pushed by an attacker")) with {
                Target = $"{PushRequest.Path}?{parameter}={Uri.EscapeDataString(statement)}" });
            Assert.That((push.Status, push.Message), Is.EqualTo((400, $"{parameter} is not known here: there are no parameters.")),
                statement);
        }
    }

    [TestCase("Org-Handle", 400), TestCase("Product-Id", 400), TestCase("Authorization", 401)]
    [TestCase("If-None-Match", 200), TestCase("If-Modified-Since", 200), TestCase("Last-Event-ID", 200), TestCase(
        "X-Request-Id", 200), TestCase("Accept", 200), TestCase("Origin", 200), TestCase("Content-Type", 200), TestCase("User-Agent", 200),
        TestCase("Referer", 200), TestCase("Cookie", 200)]
    public async Task Sql_in_header_is_rejected_or_ignored(string header, int status)
    {
        foreach (var statement in Statements.Where(statement => statement.All(char.IsAscii)))
        {
            foreach (var route in Route.ReadRoutes)
            {
                var request = new AnalyticsRequest { Handle = header == "Org-Handle" ? null : Acme.Handle,
                    Authorization = header == "Authorization" ? null : Tokens.CreateAuthorization(Acme.MemberUserId) };
                var value = header == "Authorization" ? $"jwt {statement}" : statement;

                var reply = await Service.SendAsync(route, request with { Headers = [(header, value)] });

                // Punctuation alone consists of allowed characters of handles and products.
                Assert.That(reply.Status, Is.EqualTo(status).Or.EqualTo(statement is "_" or "-1" or "NULL" && status == 400
                    ? header == "Org-Handle" ? 404 : 200 : status), $"{route} {statement}: {reply.Body}");
            }
        }
    }

    [Test]
    public async Task Sql_as_parameter_name_is_rejected_or_ignored()
    {
        foreach (var statement in Statements)
        {
            foreach (var route in new[] { Route.Totals, Route.Tasks })
            {
                var baseline = await Service.SendAsync(route, new AnalyticsRequest());
                var reply = await Service.SendAsync(route, new AnalyticsRequest { Query = $"{Uri.EscapeDataString(statement)}=1" });

                Assert.That(reply.Status == 400 || (route == Route.Totals && reply["ETag"] == baseline["ETag"]),
                    $"{route} {statement}: {reply.Body}");
            }
        }
    }

    [TestCase("Org-Handle", 400, 404), TestCase("Product-Id", 400, 200), TestCase("Content-Type", 415, 415),
        TestCase("Content-Encoding", 415, 415)]
    public async Task Sql_in_push_header_is_rejected(string header, int status, int statusOfValidValue)
    {
        foreach (var statement in Statements.Where(statement => statement.All(char.IsAscii)))
        {
            var push = PushRequest.Create(new NativeTask("pushed by an attacker"));

            var reply = await Service.PushAsync(header switch
            {
                "Org-Handle" => push with { Handle = statement },
                "Product-Id" => push with { Product = statement },
                "Content-Type" => push with { ContentType = statement },
                _ => push with { ContentEncoding = statement },
            });

            // Punctuation alone consists of allowed characters of handles and products.
            Assert.That(reply.Status, Is.EqualTo(statement is "_" or "-1" or "NULL" ? statusOfValidValue : status),
                $"{statement}: {reply.Body}");
        }
    }

    [Test]
    public async Task Sql_in_token_user_id_is_a_non_member([Values("user_id", "sub")] string claim)
    {
        foreach (var statement in Statements)
        {
            foreach (var route in Route.OrganisationRoutes)
            {
                var reply = await Service.SendAsync(route, new AnalyticsRequest {
                    Authorization = $"jwt {Tokens.Sign(Tokens.CreateClaims((claim, statement), ("scope", $"tasks:write {statement}")))}" });

                Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Organization not found.")), $"{route} {statement}");
            }
        }
    }

    [Test]
    public async Task Sql_in_task_is_stored_and_returned_unchanged()
    {
        await using var service = await AddVictimAsync(await Acme.StartServiceAsync(Engine));
        var pushed = Statements.Select((statement, number) => new NativeTask($"{number} {statement}") { Status = statement,
            ExecutionType = number % 2 == 0 ? statement : null, RunId = statement, Agent = statement, Outcome = statement }).ToList();

        var written = await service.PushAsync(PushRequest.Create(pushed));
        var listed = await ListTasksAsync(service, "limit=1000");
        var lines = (await service.ListTasksAsync("format=ndjson")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).ToList();

        Assert.That(written.GetCounts(), Is.EqualTo(((long)pushed.Count, 0L, 0L, 0L)));
        foreach (var task in pushed)
        {
            var expected = (task.TaskId, task.RunId, task.Agent, task.Status, task.ExecutionType ?? "call", task.Outcome);
            Assert.That(listed.Where(row => (string?)row["task_id"] == task.TaskId).Select(GetFields), Is.EqualTo(new[] { expected }));
            Assert.That(lines.Where(row => (string?)row["task_id"] == task.TaskId).Select(GetFields), Is.EqualTo(new[] { expected }));
            foreach (var filter in new[] { "run_id", "agent" })
            {
                Assert.That((await ListTasksAsync(service, $"{filter}={Uri.EscapeDataString(task.RunId!)}")).Select(
                    row => (string?)row["task_id"]), Is.EqualTo(new[] { task.TaskId }), filter);
            }
        }

        Assert.That((await service.VerifyAsync()).Select(recount => recount.IsClean), Is.All.True);
        Assert.That((await Victim.GetAllResponsesAsync(service, Tokens.CreateAuthorization(Victim.Member))).Select(reply => reply.Status),
            Is.All.EqualTo(200), "Every table still exists");
    }

    [Test]
    public async Task Spreadsheet_formula_in_task_is_escaped_in_csv()
    {
        await using var service = await AddVictimAsync(await Acme.StartServiceAsync(Engine));
        await service.PushAsync(PushRequest.Create(Statements.Select((statement, number) =>
            new NativeTask($"{number}") { RunId = statement, Agent = statement, Outcome = statement, Status = statement })));

        using var csv = new CsvReader(new StringReader((await service.ListTasksAsync("format=csv")).Body), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Select(row => ((string)row.run_id, (string)row.agent, (string)row.label, (string)row.status))
            .ToList();

        foreach (var statement in Statements)
        {
            var escaped = "=+-@".Contains(statement[0], StringComparison.Ordinal) ? $"'{statement}" : statement;
            Assert.That(rows, Has.One.EqualTo((escaped, escaped, escaped, escaped)));
        }
    }

    [TestCase("space_token"), TestCase("direction"), TestCase("product_id"), TestCase("created_at"), TestCase("updated_at"),
        TestCase("success_score"), TestCase("duration_seconds"), TestCase("deleted"), TestCase("anything")]
    public async Task Sql_in_restricted_field_is_rejected(string field)
    {
        var lines = Statements.Where(statement => field != "product_id" || statement is not ("_" or "-1" or "NULL")).Select(statement =>
        {
            var task = JsonNode.Parse(new NativeTask("rejected").ToLine())!;
            task[field] = statement;
            return task.ToJsonString();
        }).ToList();

        var reply = await Service.PushAsync(PushRequest.FromText(string.Join('\n', lines)));

        Assert.That(reply.GetCounts(), Is.EqualTo((0L, 0L, 0L, (long)lines.Count)));
    }

    private static (string?, string?, string?, string?, string?, string?) GetFields(JsonNode row) =>
        ((string?)row["task_id"], (string?)row["run_id"], (string?)row["agent"], (string?)row["status"], (string?)row["execution_type"],
            (string?)row["label"]);

    private static async Task<List<JsonNode>> ListTasksAsync(AnalyticsService service, string query) =>
        [.. (await service.ListTasksAsync(query)).GetTasks()];
}
