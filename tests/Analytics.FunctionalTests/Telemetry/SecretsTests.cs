using System.Data.Common;
using System.Text;
using System.Text.Json;
using Analytics.Application.Tests.Formats;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Settings;
using Dapper;

namespace Analytics.FunctionalTests.Telemetry;

/// <summary>Whatever is sent, and wherever it is put: no token, key, password, address, name, phone number or word of a call is in anything that was written.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class SecretsTests(DatabaseEngine engine)
{
    private const string Transcript = "please-keep-this-to-yourself";
    private const string Route = "/api/v2/platform/organisation/analytics";

    private const string CallersAddress = "203.0.113.77";

    /// <summary>Found where it should be, which shows that the search finds.</summary>
    private const string Control = "the-control-request";

    private static readonly string Token = Tokens.For("7");
    private static readonly string WrongToken = Tokens.For("7", "another-key-that-the-service-does-not-know");
    private static readonly string Key = $"the-signing-key-{Guid.NewGuid():N}";
    private static readonly string GoodToken = Tokens.For("7", Key);

    private readonly Dictionary<string, byte[]> _written = new(StringComparer.Ordinal);

    private string _password = $"the-password-{Guid.NewGuid():N}";

    private IEnumerable<string> Secrets =>
    [
        .. new[] { Token, WrongToken, GoodToken }.SelectMany(token => token.Split('.')[1..]),
        _password, CallersAddress, Key, Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)).TrimEnd('='),
        .. MessyExport.PersonalName.Split(' '), MessyExport.PersonalNumber[1..], Transcript,
    ];

    [OneTimeSetUp]
    public async Task WriteEverythingAsync()
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var collector = await Collector.StartAsync();
        await ImportAsync(database);
        using var service = new ServiceProcess(database.Folder, "Production",
        [
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", WithPassword(database.Settings.ConnectionString)), ("Jwt:SigningKeys:0", Key), ("Proxies:0", "127.0.0.1"), ("OTEL_SERVICE_NAME", "renamed-service"), .. collector.Settings,
        ]);
        var start = await service.ReadUntilAsync("Now listening on");
        foreach (var question in Questions)
        {
            await AskAsync(ServiceProcess.AddressIn(start), question);
        }

        foreach (var push in Pushes)
        {
            await Wire.SendAsync(ServiceProcess.AddressIn(start), "POST", push.Target, push.AllHeaders, push.Body);
        }

        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(engine == DatabaseEngine.SqlServer ? "EXEC sp_rename 'members', 'lost'" : "ALTER TABLE members RENAME TO lost");
        }

        var failed = await AskAsync(ServiceProcess.AddressIn(start), Good with { Query = $"agent={Uri.EscapeDataString(MessyExport.PersonalName)}", Headers = [("X-Request-Id", Control)] });
        Assert.That(failed.Status, Is.EqualTo(503));
        Keep(database.Folder);
        await service.TerminateAsync();
        var end = await service.EndAsync();
        Keep("output", start + end.Output);
        Keep("errors", end.Error);
        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            _written[signal] = [.. collector.Of(signal).SelectMany(body => body)];
        }
    }

    private static Question Good => new() { Handle = "org5.example", Authorization = $"jwt {GoodToken}" };

    private static IEnumerable<Question> Questions =>
    [
        Good,
        Good with { Path = $"{Route}/tasks/", Query = "format=csv" },
        Good with { Authorization = $"jwt {Token}" },
        Good with { Authorization = $"Bearer {WrongToken}" },
        Good with { Authorization = $"Basic {Token}" },
        Good with { Authorization = $"{Token}" },
        Good with { Headers = [("X-Forwarded-For", CallersAddress)] },
        Good with { Authorization = $"jwt {WrongToken}", Headers = [("X-Forwarded-For", CallersAddress)] },
        .. new[] { Token, WrongToken, GoodToken, MessyExport.PersonalName, MessyExport.PersonalNumber, $"{Transcript}'; DROP TABLE tasks; --" }.SelectMany(Everywhere),
        .. new[] { Token, WrongToken, GoodToken }.Select(token => Good with { Method = token }),
    ];

    /// <summary>Lines that are written and lines that are not, whole and broken, and what comes around them.</summary>
    private static IEnumerable<Push> Pushes
    {
        get
        {
            var good = Push.OfText(string.Join('\n', new[] { GoodToken, MessyExport.PersonalName, MessyExport.PersonalNumber, Transcript }.SelectMany(secret => new[]
            {
                $$"""{"task_id":"pushed","space_token":"S71","status":"completed","{{secret}}":1}""",
                $$"""{"task_id":"pushed","space_token":"S71","status":"completed","transcript":"{{secret}}"}""",
                $$"""{"task_id":" {{secret}}","space_token":"S71","status":"completed"}""",
                $$"""{"task_id":"pushed","space_token":"{{secret}}","status":"completed","direction":"{{secret}}","product_id":"{{secret}} "}""",
                secret,
            }).Append("""{"task_id":"pushed","space_token":"S71","status":"completed"}"""))) with { Handle = "org5.example", Authorization = $"jwt {GoodToken}" };
            return
            [
                good, good.AsGzip(), good with { ContentEncoding = "gzip" }, good with { ContentType = GoodToken }, good with { ContentEncoding = Token },
                good with { Authorization = $"jwt {WrongToken}" }, good with { Target = $"{Push.Path}?token={Token}" }, good with { Body = (byte[])[.. good.Body.Span, 0xFF] },
            ];
        }
    }

    /// <summary>Something that a client puts where it does not belong.</summary>
    private static IEnumerable<Question> Everywhere(string secret)
    {
        var escaped = Uri.EscapeDataString(secret);
        yield return Good with { Path = $"/{escaped}" };
        yield return Good with { Path = $"{Route}/{escaped}/" };
        yield return Good with { Method = "POST", Path = $"{Route}/{escaped}" };
        foreach (var path in new[] { $"{Route}/", $"{Route}/tasks/", $"{Route}/definitions/", $"{Route}/stream/{escaped}" })
        {
            yield return Good with { Path = path, Query = $"token={escaped}" };
            yield return Good with { Path = path, Query = $"{escaped}=1" };
            yield return Good with { Path = path, Query = $"space_token={escaped}&agent={escaped}&cursor={escaped}&date_range={escaped}&timezone={escaped}" };
        }

        yield return Good with { Query = $"agent={escaped}&include=meta" };
        yield return Good with { Handle = secret };
        yield return Good with { Product = secret };
        yield return Good with { Headers = [("X-Request-Id", $"{secret} {secret}")] };
        foreach (var header in new[] { "Authorization", "If-None-Match", "Origin", "Accept", "User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Host" })
        {
            yield return Good with { Headers = [(header, secret)] };
        }

        yield return Good with { Headers = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", $"a={escaped}"), ("baggage", $"a={escaped}")] };
    }

    private static IEnumerable<string> Places(DatabaseEngine engine) =>
        [.. new[] { "output", "errors", "traces", "metrics", "logs", "imported", "rejects.txt" }, .. engine == DatabaseEngine.Sqlite ? ["analytics.db", "analytics.db-wal"] : Array.Empty<string>()];

    [Test]
    public void NothingThatIsSecretWasWritten()
    {
        var found = from place in _written
                    from secret in Secrets
                    where Holds(place.Value, secret)
                    select $"{place.Key} holds {secret}";

        Assert.That(_written.Keys, Is.SupersetOf(Places(engine)));
        Assert.That(found, Is.Empty);
    }

    [TestCase("output", Control), TestCase("traces", Control), TestCase("logs", Control), TestCase("metrics", "http.server.request.duration"), TestCase("rejects.txt", "run_id")]
    [TestCase("traces", "renamed-service"), TestCase("metrics", "renamed-service"), TestCase("logs", "renamed-service")]
    public void TheSearchFindsWhatIsThere(string place, string text) => Assert.That(Holds(_written[place], text));

    [Test]
    public void TheDatabaseOfOneFileHoldsTheTasks()
    {
        if (engine == DatabaseEngine.Sqlite)
        {
            Assert.That(Holds([.. _written["analytics.db"], .. _written["analytics.db-wal"]], "an-imported-task"));
        }
    }

    private async Task ImportAsync(TestDatabase database)
    {
        await database.HasOrganisationAsync(5, 71);
        await database.HasMemberAsync(5, "7", "editor");
        string[] lines =
        [
            Document("an-imported-task", "R1"),
            Document("a-rejected-task", " R1"),
            $$"""{"name":"{{MessyExport.PersonalName}}","contact_number":"{{MessyExport.PersonalNumber}}"}""",
            $"{MessyExport.PersonalName} {MessyExport.PersonalNumber}: {Transcript}",
        ];
        var analytics = new CommandLine(database.Settings, Key);
        var import = await analytics.RunAsync(["import", "tasks", "-", "--rejects", database.PathOf("rejects.txt")], string.Join('\n', lines));
        Assert.That((import.ExitCode, import.Text.Trim()), Is.EqualTo((2, "inserted 1, updated 0, unchanged 0, rejected 3")));
        Keep("imported", import.Text + import.Errors);
    }

    private static string Document(string taskId, string runId) => JsonSerializer.Serialize(new
    {
        task_id = taskId,
        run_id = runId,
        space_id = "71",
        status = "completed",
        created = "2026-01-01T00:00:00Z",
        input = new { name = MessyExport.PersonalName, contact_number = MessyExport.PersonalNumber },
        output = new { transcript = new[] { new { content = Transcript } }, post_call_data = new { summary = new { status = "Interested", text = Transcript } } },
    });

    private static Task<Reply> AskAsync(Uri address, Question question) => Wire.SendAsync(address, question.Method, question.Target, question.AllHeaders);

    /// <summary>Where nobody asks for one, any will do; SQLite has none.</summary>
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

    private static bool Holds(byte[] written, string text) => written.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private void Keep(string place, string text) => _written[place] = Encoding.UTF8.GetBytes(text);

    private void Keep(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            _written[file.Name] = copy.ToArray();
        }
    }
}
