using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using CsvHelper;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.FunctionalTests;

/// <summary>All tasks in one response, as CSV and NDJSON.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class TaskExportTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Header =
        "task_id,run_id,space_token,space_name,product_id,agent,direction,execution_type,status,outcome,label,success_score,duration_seconds,created_at,updated_at";
    private const int TaskCount = 20_000;

    [Test]
    public async Task Csv_has_a_header_and_one_line_per_task()
    {
        var reply = await Service.ListTasksAsync("run_id=shown&format=csv");

        Assert.That(reply.Body, Is.EqualTo(
            $"{Header}\r\ncall,shown,SALES,SALES,unpod.dev,\"A, \"\"B\"\"\",inbound,call,completed,interested,Interested,7.5,61.125,2026-03-01T12:00:00.123Z,2026-03-02T00:00:00.000Z\r\nmail,shown,SALES,SALES,unpod.dev,,,email,hold,,,,,2026-02-01T00:00:00.000Z,2026-03-02T00:00:00.000Z\r\n"));
        Assert.That((reply["Content-Type"], reply["Content-Disposition"]),
            Is.EqualTo(("text/csv; charset=utf-8", "attachment; filename=\"tasks.csv\"")));
    }

    [Test]
    public async Task Ndjson_lines_equal_the_tasks_of_the_pages()
    {
        var pages = await Service.ListAllPagesAsync("run_id=shown&limit=1");
        var reply = await Service.ListTasksAsync("run_id=shown&format=ndjson");

        var lines = reply.Body.Split('\n');
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines[2], Is.Empty);
        Assert.That(lines.Take(2), Is.EqualTo(pages.Select(page =>
            page.Body[(page.Body.IndexOf("[{", StringComparison.Ordinal) + 1)..(page.Body.IndexOf("}]", StringComparison.Ordinal) + 1)])));
        Assert.That((reply["Content-Type"], reply["Content-Disposition"]),
            Is.EqualTo(("application/x-ndjson", "attachment; filename=\"tasks.ndjson\"")));
    }

    [TestCase("text/csv", "", "text/csv; charset=utf-8"), TestCase("TEXT/CSV", "", "text/csv; charset=utf-8"),
        TestCase("application/x-ndjson", "", "application/x-ndjson")]
    [TestCase("text/csv;q=0.5, application/x-ndjson", "", "application/x-ndjson"),
        TestCase("text/csv;q=0, application/x-ndjson;q=0.1", "", "application/x-ndjson")]
    [TestCase("text/csv;q=0.5, application/json", "", "application/json; charset=utf-8"),
        TestCase("*/*", "", "application/json; charset=utf-8"), TestCase("text/*", "", "application/json; charset=utf-8")]
    [TestCase("nonsense", "", "application/json; charset=utf-8"), TestCase("application/xml", "", "application/json; charset=utf-8")]
    [TestCase("text/csv", "&format=json", "application/json; charset=utf-8"),
        TestCase("text/csv", "&format=ndjson", "application/x-ndjson"), TestCase("text/csv", "&format=", "text/csv; charset=utf-8")]
    public async Task Format_is_chosen_by_parameter_then_by_Accept_header(string accept, string format, string contentType)
    {
        var reply = await Service.ListTasksAsync($"run_id=shown{format}", new AnalyticsRequest { Headers = [("Accept", accept)] });

        Assert.That((reply.Status, reply["Content-Type"]), Is.EqualTo((200, contentType)));
    }

    [Test]
    public async Task Second_export_of_an_organisation_returns_429_and_fifth_of_the_instance_503()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        var limiter = service.Services.GetRequiredService<ExportConcurrencyLimiter>();

        var lease = limiter.Acquire(Acme.Id);
        var second = await service.ListTasksAsync("format=csv");
        var page = await service.ListTasksAsync("");
        lease.Dispose();

        var leases = Enumerable.Range(1, 4).Select(number => limiter.Acquire(Acme.Id + number)).ToList();
        var fifth = await service.ListTasksAsync("format=csv");
        leases.ForEach(other => other.Dispose());
        var later = await service.ListTasksAsync("format=csv");

        Assert.That((second.Status, second.Message, second["Retry-After"], page.Status), Is.EqualTo((429, "Too many requests.", "1", 200)));
        Assert.That((fifth.Status, fifth.Message, fifth["Retry-After"], later.Status),
            Is.EqualTo((503, "Service temporarily unavailable.", "1", 200)));
    }

    [Test]
    public async Task Ndjson_imported_into_an_empty_database_gives_the_same_numbers_and_the_same_export()
    {
        const string Report = "include=reconciliation,components&group_by=agent,direction";
        await using var source = await Acme.StartServiceAsync(Engine);
        await source.AddSalesTasksAsync(
        [
            .. new[] { "Interested", "call_back", "Voicemail", " Not Connected", "failed", "other", "Интересно", null }
                .SelectMany(label =>
                    new[] { "completed", "Failed ", "pending", "hold" }.Select(status => new NativeTask($"{label}-{status}".Trim())
                {
                    Outcome = label, Status = status, Agent = "a\u200bé", Direction = "outbound", RunId = "r",
                    CreatedAt = "2026-01-01T00:00:00.007Z",
                    SuccessScore = 7.25m, DurationSeconds = 0.001m,
                })),
            new NativeTask(
                "mail") { ExecutionType = " Email", DurationSeconds = 5, Outcome = "Interested", UpdatedAt = "2026-01-02T00:00:00Z" },
            new NativeTask("gone") { Deleted = true },
        ]);
        var firstExport = await source.ListTasksAsync("format=ndjson");

        await using var target = await AnalyticsService.StartAsync(Engine, _ => { });
        await target.AddAcmeAsync();
        await target.ImportTasksAsync(
            Acme.Id, firstExport.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries), (Acme.SalesSpaceId, Acme.SalesToken));

        Assert.That(firstExport.Body.Count(character => character == '\n'), Is.EqualTo(34));
        Assert.That((await target.ListTasksAsync("format=ndjson")).Body, Is.EqualTo(firstExport.Body));
        Assert.That((await target.SendAsync(new AnalyticsRequest { Query = Report })).Body,
            Is.EqualTo((await source.SendAsync(new AnalyticsRequest { Query = Report })).Body));
    }

    [Test]
    public async Task Http_1_0_client_gets_a_content_length()
    {
        var reply = await Service.ListTasksAsync("run_id=shown&format=ndjson");

        Assert.That(reply["Content-Length"], Is.EqualTo($"{System.Text.Encoding.UTF8.GetByteCount(reply.Body)}"));
    }

    // Without a length or chunks, nothing would tell what was sent of it from a whole file.
    [Test]
    public async Task Http_1_0_client_of_an_export_that_fails_midway_gets_an_error_and_nothing_of_the_file()
    {
        await using var service = await Acme.StartServiceAsync(Engine, ("Exports:MaxSpoolBytes", "100000"));
        await service.AddSalesTasksAsync(Enumerable.Range(0, 1000).Select(number => new NativeTask($"t{number}")));

        var reply = await service.ListTasksAsync("format=csv");

        Assert.That((reply.Status, reply["Content-Type"], reply["Content-Disposition"]),
            Is.EqualTo((503, "application/json; charset=utf-8", (string?)null)));
        Assert.That(reply.Message, Is.EqualTo("Service temporarily unavailable."));
    }

    [TestCase("csv", $"{Header}\r\n"), TestCase("ndjson", "")]
    public async Task Export_without_matches_returns_an_empty_file(string format, string body)
    {
        var reply = await Service.ListTasksAsync($"run_id=none&format={format}");

        Assert.That((reply.Status, reply.Body), Is.EqualTo((200, body)));
        Assert.That(reply["ETag"], Is.Not.Null);
    }

    [Test]
    public async Task Csv_escapes_spreadsheet_formulas()
    {
        var reply = await Service.ListTasksAsync("run_id=dangerous&format=csv");

        using var csv = new CsvReader(new StringReader(reply.Body), CultureInfo.InvariantCulture);
        var agents = csv.GetRecords<dynamic>().Select(row => (string)row.agent).ToList();
        Assert.That(agents, Is.EqualTo(new[] { "'=1+1", "'+1", "'-1", "'@SUM(1)", "'=\"a\",b", "harmless = 1" }));
    }

    [TestCase("csv"), TestCase("ndjson")]
    public async Task Export_contains_the_tasks_of_all_pages_in_order(string format)
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddSalesTasksAsync(Enumerable.Range(0, 1500).Select(number =>
            new NativeTask($"t{number}") { CreatedAt = $"2026-01-0{1 + (number % 7)}", Agent = number % 2 == 0 ? "even" : "odd" }));

        var pagedIds = (await service.ListAllPagesAsync("agent=even&limit=1000")).SelectMany(page => page.GetTaskIds());
        var exportedIds = (await service.ListTasksAsync($"agent=even&format={format}")).Body
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(format == "csv" ? 1 : 0)
            .Select(line => format == "csv" ? line.Split(',')[0] : (string)JsonNode.Parse(line)!["task_id"]!);

        Assert.That(exportedIds, Is.EqualTo(pagedIds).And.Exactly(750).Items);
    }

    [TestCase("csv"), TestCase("ndjson")]
    public async Task Matching_IfNoneMatch_returns_304(string format)
    {
        var fresh = await Service.ListTasksAsync($"format={format}");
        var revalidation =
            await Service.ListTasksAsync($"format={format}", new AnalyticsRequest { Headers = [("If-None-Match", fresh["ETag"]!)] });

        Assert.That((revalidation.Status, revalidation.Body, revalidation["ETag"], revalidation["Cache-Control"]),
            Is.EqualTo((304, "", fresh["ETag"], fresh["Cache-Control"])));
    }

    [Test]
    public async Task Each_format_has_its_own_ETag()
    {
        var etags = new List<string?>();
        foreach (var query in new[] { "", "format=csv", "format=ndjson", "format=csv&run_id=shown" })
        {
            etags.Add((await Service.ListTasksAsync(query))["ETag"]);
        }

        Assert.That(etags, Is.Unique.And.All.Not.Null);
    }

    [TestCase("csv"), TestCase("ndjson")]
    public async Task Head_response_equals_get_without_body(string format)
    {
        var get = await Service.ListTasksAsync($"format={format}");
        var head = await Service.ListTasksAsync($"format={format}", new AnalyticsRequest { Method = "HEAD" });

        Assert.That((head.Status, head.Body), Is.EqualTo((200, "")));
        Assert.That(head.StableHeaders.Where(IsNoLength), Is.EqualTo(get.StableHeaders.Where(IsNoLength)));

        static bool IsNoLength((string Name, string Value) header) => header.Name != "Content-Length";
    }

    [TestCase("limit=10"), TestCase("cursor=abc"), TestCase("include=total")]
    public async Task Paging_parameters_on_export_return_400(string parameter)
    {
        var reply = await Service.ListTasksAsync($"format=csv&{parameter}");

        Assert.That(reply.Status, Is.EqualTo(400));
        Assert.That(reply.Json["errors"]!.AsObject().Select(error => error.Key), Is.EqualTo(new[] { parameter.Split('=')[0] }));
    }

    [TestCase("space_token=NOWHERE&format=csv", 404), TestCase("page=1&format=csv", 400), TestCase("limit=2&format=xml", 400)]
    public async Task Errors_are_JSON_whatever_the_requested_format(string query, int status)
    {
        var reply = await Service.ListTasksAsync(query);

        Assert.That((reply.Status, (int)reply.Json["status_code"]!, reply["Content-Disposition"]),
            Is.EqualTo((status, status, (string?)null)));
    }

    [Test]
    public async Task Failure_during_export_aborts_the_connection()
    {
        await using var service = await Acme.StartServiceAsync(Engine);
        await service.AddSalesTasksAsync(Enumerable.Range(0, TaskCount)
            .Select(number => new NativeTask($"t{number:D5}") { Agent = new string('x', 100), CreatedAt = "2026-01-01" }));
        if (Engine == DatabaseEngine.Sqlite)
        {
            await StoreUnreadableScoreAsync(service.Database.ConnectionString, $"t{TaskCount - 10:D5}");
        }

        using var client = service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{TaskListRequests.Path}?format=csv", UriKind.Relative));
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(Tokens.CreateAuthorization(Acme.MemberUserId));
        request.Headers.Add("Org-Handle", Acme.Handle);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (Engine == DatabaseEngine.Postgres)
        {
            await TerminateOtherConnectionsAsync(service.Database.ConnectionString);
        }
        else if (Engine == DatabaseEngine.SqlServer)
        {
            await KillOtherSessionsAsync(service.Database.ConnectionString);
        }

        await using var body = await response.Content.ReadAsStreamAsync();
        using var received = new MemoryStream();
        Assert.That(() => body.CopyToAsync(received), Throws.InstanceOf<IOException>());

        var text = System.Text.Encoding.UTF8.GetString(received.ToArray());
        Assert.That(text, Does.StartWith(Header));
        Assert.That(text.Split('\n'), Has.Length.LessThan(TaskCount));
        Assert.That(text, Does.Not.Contain("message").And.Not.Contain("xception"));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddSalesTasksAsync(
            new NativeTask("call")
            {
                RunId = "shown", Agent = "A, \"B\"", Direction = "inbound", Outcome = "Interested", SuccessScore = 7.50m,
                DurationSeconds = 61.125m,
                CreatedAt = "2026-03-01T12:00:00.123456Z", UpdatedAt = "2026-03-02T00:00:00Z",
            },
            new NativeTask("mail") {
                RunId = "shown", ExecutionType = "email", Status = "hold", CreatedAt = "2026-02-01", UpdatedAt = "2026-03-02T00:00:00Z" });
        await service.AddSalesTasksAsync(new[] { "=1+1", "+1", "-1", "@SUM(1)", "=\"a\",b", "harmless = 1" }
            .Select((agent, number) => new NativeTask($"d{number}") { RunId = "dangerous", Agent = agent, CreatedAt = "2026-01-01" }));
        return service;
    }

    private static async Task StoreUnreadableScoreAsync(string connectionString, string taskId)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.ExecuteAsync(
            "UPDATE tasks SET success_score = 99999999999 WHERE organisation_id = @Id AND task_id = @taskId", new { Acme.Id, taskId });
    }

    private static async Task TerminateOtherConnectionsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    private static async Task KillOtherSessionsAsync(string connectionString)
    {
        await using var connection = new SqlConnection(connectionString);
        foreach (var session in await connection.QueryAsync<int>(
            "SELECT session_id FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID"))
        {
            await connection.ExecuteAsync($"KILL {session}");
        }
    }
}
