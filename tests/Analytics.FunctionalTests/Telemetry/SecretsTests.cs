using System.Data.Common;
using System.Text;
using System.Text.Json;
using Analytics.Application.Tests.Ingestion.Formats;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;

namespace Analytics.FunctionalTests.Telemetry;

/// <summary>
/// No log, trace or metric contains a token, key, password, address, name, phone number or word of a call, whatever is sent and wherever.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class SecretsTests(DatabaseEngine engine)
{
    private const string Transcript = "please-keep-this-to-yourself";
    private const string AnalyticsPath = "/api/v2/platform/organisation/analytics";

    private const string ClientAddress = "203.0.113.77";

    // Found where it should be, which shows that the search works.
    private const string ControlRequestId = "the-control-request";

    private static readonly string Token = Tokens.Create("7");
    private static readonly string WrongToken = Tokens.Create("7", "another-key-that-the-service-does-not-know");
    private static readonly string Key = $"the-signing-key-{Guid.NewGuid():N}";
    private static readonly string GoodToken = Tokens.Create("7", Key);

    private readonly Dictionary<string, byte[]> _outputs = new(StringComparer.Ordinal);

    private string _password = $"the-password-{Guid.NewGuid():N}";

    private IEnumerable<string> Secrets =>
    [
        .. new[] { Token, WrongToken, GoodToken }.SelectMany(token => token.Split('.')[1..]),
        _password, ClientAddress, Key, Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)).TrimEnd('='),
        .. UnpodExportCases.PersonalName.Split(' '), UnpodExportCases.PersonalNumber[1..], Transcript,
    ];

    [OneTimeSetUp]
    public async Task ProduceAllOutputAsync()
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var collector = await OtlpCollector.StartAsync();
        await ImportAsync(database);
        using var service = new ServiceProcess(database.Folder, "Production",
        [
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", WithPassword(
                database.Settings.ConnectionString)), ("Jwt:SigningKeys:0", Key), ("ForwardedHeaders:KnownProxies:0", "127.0.0.1"),
                ("OTEL_SERVICE_NAME", "renamed-service"), .. collector.ExporterSettings,
        ]);
        var start = await service.ReadUntilAsync("Now listening on");
        foreach (var request in Requests)
        {
            await SendAsync(ServiceProcess.ParseAddress(start), request);
        }

        foreach (var push in Pushes)
        {
            await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "POST", push.Target, push.AllHeaders, push.Body);
        }

        await using (var connection = await database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                engine == DatabaseEngine.SqlServer ? "EXEC sp_rename 'members', 'lost', 'OBJECT'" : "ALTER TABLE members RENAME TO lost");
        }

        var failed = await SendAsync(ServiceProcess.ParseAddress(start), ValidRequest with {
            Query = $"agent={Uri.EscapeDataString(UnpodExportCases.PersonalName)}", Headers = [("X-Request-Id", ControlRequestId)] });
        Assert.That(failed.Status, Is.EqualTo(500));
        Capture(database.Folder);
        await service.TerminateAsync();
        var end = await service.WaitForExitAsync();
        Capture("output", start + end.Output);
        Capture("errors", end.Error);
        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            _outputs[signal] = [.. collector.GetRequests(signal).SelectMany(body => body)];
        }
    }

    private static AnalyticsRequest ValidRequest => new() { Handle = "org5.example", Authorization = $"jwt {GoodToken}" };

    private static IEnumerable<AnalyticsRequest> Requests =>
    [
        ValidRequest,
        ValidRequest with { Path = $"{AnalyticsPath}/tasks/", Query = "format=csv" },
        ValidRequest with { Authorization = $"jwt {Token}" },
        ValidRequest with { Authorization = $"Bearer {WrongToken}" },
        ValidRequest with { Authorization = $"Basic {Token}" },
        ValidRequest with { Authorization = $"{Token}" },
        ValidRequest with { Headers = [("X-Forwarded-For", ClientAddress)] },
        ValidRequest with { Authorization = $"jwt {WrongToken}", Headers = [("X-Forwarded-For", ClientAddress)] },
        .. new[] { Token, WrongToken, GoodToken, UnpodExportCases.PersonalName, UnpodExportCases.PersonalNumber,
            $"{Transcript}'; DROP TABLE tasks; --" }.SelectMany(RequestsWithSecret),
        .. new[] { Token, WrongToken, GoodToken }.Select(token => ValidRequest with { Method = token }),
    ];

    // Lines that are written and lines that are rejected, complete and truncated, and whole bodies.
    private static IEnumerable<PushRequest> Pushes
    {
        get
        {
            var good = PushRequest.FromText(string.Join('\n',
                new[] { GoodToken, UnpodExportCases.PersonalName, UnpodExportCases.PersonalNumber, Transcript }.SelectMany(secret => new[]
            {
                $$"""{"task_id":"pushed","space_token":"S71","status":"completed","{{secret}}":1}""",
                $$"""{"task_id":"pushed","space_token":"S71","status":"completed","transcript":"{{secret}}"}""",
                $$"""{"task_id":" {{secret}}","space_token":"S71","status":"completed"}""",
                $$"""{"task_id":"pushed","space_token":"{{secret}}","status":"completed","direction":"{{secret}}","product_id":"{{secret}} "}""",
                secret,
            }).Append("""{"task_id":"pushed","space_token":"S71","status":"completed"}"""))) with {
                Handle = "org5.example", Authorization = $"jwt {GoodToken}" };
            return
            [
                good, good.WithGzip(), good with { ContentEncoding = "gzip" }, good with { ContentType = GoodToken },
                good with { ContentEncoding = Token },
                good with { Authorization = $"jwt {WrongToken}" }, good with { Target = $"{PushRequest.Path}?token={Token}" },
                good with { Body = (byte[])[.. good.Body.Span, 0xFF] },
            ];
        }
    }

    // A value that a client sends in the wrong part of a request.
    private static IEnumerable<AnalyticsRequest> RequestsWithSecret(string secret)
    {
        var escaped = Uri.EscapeDataString(secret);
        yield return ValidRequest with { Path = $"/{escaped}" };
        yield return ValidRequest with { Path = $"{AnalyticsPath}/{escaped}/" };
        yield return ValidRequest with { Method = "POST", Path = $"{AnalyticsPath}/{escaped}" };
        foreach (var path in new[] {
            $"{AnalyticsPath}/", $"{AnalyticsPath}/tasks/", $"{AnalyticsPath}/definitions/", $"{AnalyticsPath}/stream/{escaped}",
            CatalogueRequests.OrganisationsPath, CatalogueRequests.SpacesPath })
        {
            yield return ValidRequest with { Path = path, Query = $"token={escaped}" };
            yield return ValidRequest with { Path = path, Query = $"{escaped}=1" };
            yield return ValidRequest with {
                Path = path, Query = $"space_token={escaped}&agent={escaped}&cursor={escaped}&date_range={escaped}&timezone={escaped}" };
        }

        yield return ValidRequest with { Query = $"agent={escaped}&include=meta" };
        yield return ValidRequest with { Handle = secret };
        yield return ValidRequest with { Product = secret };
        yield return ValidRequest with { Headers = [("X-Request-Id", $"{secret} {secret}")] };
        foreach (var header in new[] {
            "Authorization", "If-None-Match", "Origin", "Accept", "User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Host" })
        {
            yield return ValidRequest with { Headers = [(header, secret)] };
        }

        yield return ValidRequest with { Headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("tracestate", $"a={escaped}"), ("baggage", $"a={escaped}")] };
    }

    private static IEnumerable<string> OutputNames(DatabaseEngine engine) =>
        [.. new[] { "output", "errors", "traces", "metrics", "logs", "imported", "rejects.txt" },
            .. engine == DatabaseEngine.Sqlite ? ["analytics.db", "analytics.db-wal"] : Array.Empty<string>()];

    [Test]
    public void Secrets_are_in_no_log_telemetry_or_stored_output()
    {
        var found = from output in _outputs
                    from secret in Secrets
                    where ContainsText(output.Value, secret)
                    select $"{output.Key} holds {secret}";

        Assert.That(_outputs.Keys, Is.SupersetOf(OutputNames(engine)));
        Assert.That(found, Is.Empty);
    }

    [TestCase("output", ControlRequestId), TestCase("traces", ControlRequestId), TestCase("logs", ControlRequestId),
        TestCase("metrics", "http.server.request.duration"), TestCase("rejects.txt", "run_id")]
    [TestCase("traces", "renamed-service"), TestCase("metrics", "renamed-service"), TestCase("logs", "renamed-service")]
    public void Search_finds_known_text_in_each_output(string output, string text) => Assert.That(ContainsText(_outputs[output], text));

    [Test]
    public void Sqlite_file_contains_imported_tasks()
    {
        if (engine == DatabaseEngine.Sqlite)
        {
            Assert.That(ContainsText([.. _outputs["analytics.db"], .. _outputs["analytics.db-wal"]], "an-imported-task"));
        }
    }

    private async Task ImportAsync(TestDatabase database)
    {
        await database.AddOrganisationAsync(5, 71);
        await database.AddMemberAsync(5, "7", "editor");
        string[] lines =
        [
            Document("an-imported-task", "R1"),
            Document("a-rejected-task", " R1"),
            $$"""{"name":"{{UnpodExportCases.PersonalName}}","contact_number":"{{UnpodExportCases.PersonalNumber}}"}""",
            $"{UnpodExportCases.PersonalName} {UnpodExportCases.PersonalNumber}: {Transcript}",
        ];
        var analytics = new CommandLine(database.Settings, Key);
        var import =
            await analytics.RunAsync(["import", "tasks", "-", "--rejects", database.GetFilePath("rejects.txt")], string.Join('\n', lines));
        Assert.That((import.ExitCode, import.StandardOutput.Trim()), Is.EqualTo((2, "inserted 1, updated 0, unchanged 0, rejected 3")));
        Capture("imported", import.StandardOutput + import.StandardError);
    }

    private static string Document(string taskId, string runId) => JsonSerializer.Serialize(new
    {
        task_id = taskId,
        run_id = runId,
        space_id = "71",
        status = "completed",
        created = "2026-01-01T00:00:00Z",
        input = new { name = UnpodExportCases.PersonalName, contact_number = UnpodExportCases.PersonalNumber },
        output = new { transcript = new[] { new { content = Transcript } },
            post_call_data = new { summary = new { status = "Interested", text = Transcript } } },
    });

    private static Task<Reply> SendAsync(Uri address, AnalyticsRequest request) =>
        RawHttp.SendAsync(address, request.Method, request.Target, request.AllHeaders);

    // Without password authentication the server accepts any; SQLite has none.
    private string WithPassword(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (settings.TryGetValue("Password", out var password))
        {
            _password = (string)password;
        }
        else if (engine == DatabaseEngine.Postgres)
        {
            settings["Password"] = _password;
        }

        return settings.ConnectionString;
    }

    private static bool ContainsText(byte[] content, string text) => content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private void Capture(string output, string text) => _outputs[output] = Encoding.UTF8.GetBytes(text);

    private void Capture(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            _outputs[file.Name] = copy.ToArray();
        }
    }
}
