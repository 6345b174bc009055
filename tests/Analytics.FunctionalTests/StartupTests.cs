using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

namespace Analytics.FunctionalTests;

/// <summary>What the service needs to start, and which error it reports if that is missing.</summary>
internal sealed partial class StartupTests
{
    private const string ConnectionStringSetting = "ConnectionStrings:Analytics";
    private const string SigningKeysSetting = "Jwt:SigningKeys";
    private const string FirstSigningKeySetting = "Jwt:SigningKeys:0";
    private const string Secret = "a-secret-that-nobody-may-read";
    private const string Issuer = "https://issuer.example";

    private static readonly TimeSpan MaxStartDuration = TimeSpan.FromSeconds(20);
    private static readonly (string, string) ValidDatabase = (ConnectionStringSetting, "Data Source=analytics.db");
    private static readonly (string, string) ValidKey = (FirstSigningKeySetting, Tokens.SigningKey);

    private DirectoryInfo _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("analytics-start-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    private static IEnumerable<TestCaseData> InvalidSettings()
    {
        yield return InvalidSetting("no connection string", ConnectionStringSetting, ValidKey);
        yield return InvalidSetting("not a connection string", ConnectionStringSetting, ValidKey, (ConnectionStringSetting, Secret));
        yield return InvalidSetting("an unknown part of a connection string", ConnectionStringSetting, ValidKey,
            (ConnectionStringSetting, $"Data Source=analytics.db;Passphrase={Secret}"));
        yield return InvalidSetting(
            "a connection string without a file", ConnectionStringSetting, ValidKey, (ConnectionStringSetting, "Mode=ReadWrite"));
        yield return InvalidSetting(
            "a database in memory", ConnectionStringSetting, ValidKey, (ConnectionStringSetting, "Data Source=:memory:"));
        yield return InvalidSetting(
            "a missing folder", ConnectionStringSetting, ValidKey, (ConnectionStringSetting, "Data Source=nowhere/analytics.db"));
        yield return InvalidSetting("an unknown engine", "Database:Engine", ValidDatabase, ValidKey, ("Database:Engine", "Oracle"));
        yield return InvalidSetting("the number of an engine", "Database:Engine", ValidDatabase, ValidKey, ("Database:Engine", "0"));
        foreach (var engine in new[] { "Postgres", "SqlServer" })
        {
            (string, string) chosen = ("Database:Engine", engine);
            yield return InvalidSetting($"no connection string of {engine}", ConnectionStringSetting, ValidKey, chosen);
            yield return InvalidSetting(
                $"not a connection string of {engine}", ConnectionStringSetting, ValidKey, chosen, (ConnectionStringSetting, Secret));
            yield return InvalidSetting($"an unknown part of a connection string of {engine}", ConnectionStringSetting, ValidKey, chosen,
                (ConnectionStringSetting, $"Server=127.0.0.1;Database=analytics;Passphrase={Secret}"));
            yield return InvalidSetting($"a connection string of {engine} without a server", ConnectionStringSetting, ValidKey, chosen,
                (ConnectionStringSetting, $"Database=analytics;Password={Secret}"));
            yield return InvalidSetting($"a connection string of {engine} without a database", ConnectionStringSetting, ValidKey, chosen,
                (ConnectionStringSetting, $"Server=127.0.0.1;Password={Secret}"));
            yield return InvalidSetting($"parts of a connection string of {engine} that do not go together", ConnectionStringSetting,
                ValidKey, chosen, (ConnectionStringSetting, $"Server=127.0.0.1;Database=analytics;Min Pool Size=50;Password={Secret}"));
            yield return InvalidSetting(
                $"a server of {engine} that is not there", ConnectionStringSetting, ValidKey, chosen, (ConnectionStringSetting,
                    $"Server=127.0.0.1{(engine == "Postgres" ? ";Port=1" : ",1")};Database=analytics;User ID=analytics;Password={Secret}"));
        }

        foreach (var (hosts, target) in new[] { ("a,b", "standby"), ("a,b", "prefer-standby"), ("a", "read-only") })
        {
            yield return InvalidSetting(
                $"the target {target} of {hosts}", ConnectionStringSetting, ValidKey, ("Database:Engine", "Postgres"),
                (ConnectionStringSetting, $"Host={hosts};Database=analytics;Target Session Attributes={target};Password={Secret}"));
        }

        yield return InvalidSetting(
            "a cache size that is not a number", "ResponseCache:MaxEntries", ValidDatabase, ValidKey, ("ResponseCache:MaxEntries", "many"));
        yield return InvalidSetting(
            "a negative cache size", "ResponseCache:MaxEntries", ValidDatabase, ValidKey, ("ResponseCache:MaxEntries", "-1"));

        yield return InvalidSetting(
            "a spool folder that does not exist", "Exports:SpoolFolder", ValidDatabase, ValidKey, ("Exports:SpoolFolder", "/nowhere"));
        yield return InvalidSetting(
            "a spool without bytes", "Exports:MaxSpoolBytes", ValidDatabase, ValidKey, ("Exports:MaxSpoolBytes", "0"));
        yield return InvalidSetting(
            "forwarded headers of any client", "ForwardedHeaders_Enabled", ValidDatabase, ValidKey, ("ForwardedHeaders_Enabled", "true"));
        yield return InvalidSetting(
            "a switch that is neither true nor false", "RateLimit:Enabled", ValidDatabase, ValidKey, ("RateLimit:Enabled", "maybe"));
        yield return InvalidSetting(
            "no reads at all", "RateLimit:ReadsPerMinute", ValidDatabase, ValidKey, ("RateLimit:ReadsPerMinute", "0"));
        yield return InvalidSetting("a write limit that is not a number", "RateLimit:WritesPerMinute", ValidDatabase, ValidKey,
            ("RateLimit:WritesPerMinute", "many"));
        yield return InvalidSetting("a negative rate limit", "RateLimit:AnonymousRequestsPerMinute", ValidDatabase, ValidKey,
            ("RateLimit:AnonymousRequestsPerMinute", "-1"));
        yield return InvalidSetting(
            "a connect timeout of 0", "Timeouts:ConnectSeconds", ValidDatabase, ValidKey, ("Timeouts:ConnectSeconds", "0"));
        yield return InvalidSetting(
            "a fraction of a second", "Timeouts:CommandSeconds", ValidDatabase, ValidKey, ("Timeouts:CommandSeconds", "0.5"));
        yield return InvalidSetting(
            "a timeout above the maximum", "Timeouts:RequestSeconds", ValidDatabase, ValidKey, ("Timeouts:RequestSeconds", "99999"));
        yield return InvalidSetting(
            "no concurrent reads", "Database:MaxConcurrentReads", ValidDatabase, ValidKey, ("Database:MaxConcurrentReads", "0"));
        yield return InvalidSetting(
            "a negative queue limit", "Database:ReadQueueLimit", ValidDatabase, ValidKey, ("Database:ReadQueueLimit", "-1"));
        yield return InvalidSetting(
            "no concurrent writes", "Database:MaxConcurrentWrites", ValidDatabase, ValidKey, ("Database:MaxConcurrentWrites", "0"));
        yield return InvalidSetting("a queue limit that is not a number", "Database:WriteQueueLimit", ValidDatabase, ValidKey,
            ("Database:WriteQueueLimit", "short"));
        yield return InvalidSetting("a drain longer than a container's stop timeout", "Shutdown:DrainSeconds", ValidDatabase, ValidKey,
            ("Shutdown:DrainSeconds", "11"));
        yield return InvalidSetting("a proxy that is not an address", "ForwardedHeaders:KnownProxies:1", ValidDatabase, ValidKey,
            ("ForwardedHeaders:KnownProxies:0", "10.0.0.5"), ("ForwardedHeaders:KnownProxies:1", Secret));
        yield return InvalidSetting("an invalid network", "ForwardedHeaders:KnownProxies:0", ValidDatabase, ValidKey,
            ("ForwardedHeaders:KnownProxies:0", "10.0.0.0/33"));
        foreach (var everybody in new[] {
            "0.0.0.0/0", "0/0", "0.0.0.0/1", "128.0.0.0/7", "::/0", "0:0::/0", "2000::/3", "::/64", "::ffff:0:0/96",
            "::ffff:0.0.0.0/96", "::ffff:128.0.0.0/97", "::/95" })
        {
            yield return InvalidSetting($"a network of everybody, {everybody}", "ForwardedHeaders:KnownProxies:1", ValidDatabase, ValidKey,
                ("ForwardedHeaders:KnownProxies:0", "10.0.0.0/8"), ("ForwardedHeaders:KnownProxies:1", everybody));
        }

        yield return InvalidSetting("proxies that are not a list", "ForwardedHeaders:KnownProxies", ValidDatabase, ValidKey,
            ("ForwardedHeaders:KnownProxies", "10.0.0.5"));

        yield return InvalidSetting("no keys", SigningKeysSetting, ValidDatabase);
        yield return InvalidSetting("keys that are not a list", SigningKeysSetting, ValidDatabase, (SigningKeysSetting, Secret));
        yield return InvalidSetting("an empty key", FirstSigningKeySetting, ValidDatabase, (FirstSigningKeySetting, ""));
        yield return InvalidSetting("a short key", FirstSigningKeySetting, ValidDatabase, (FirstSigningKeySetting, Secret));
        yield return InvalidSetting(
            "a short second key", $"{SigningKeysSetting}:1", ValidDatabase, ValidKey, ($"{SigningKeysSetting}:1", Secret));
        yield return InvalidSetting(
            "bad base64", FirstSigningKeySetting, ValidDatabase, (FirstSigningKeySetting, $"base64:{Secret}-{Secret}!"));
        yield return InvalidSetting(
            "a short key in base64", FirstSigningKeySetting, ValidDatabase, (FirstSigningKeySetting, "base64:c2hvcnQ="));
        yield return InvalidSetting(
            "keys and an authority", "Jwt:Authority", ValidDatabase, ValidKey, ("Jwt:Authority", Issuer), ("Jwt:Audience", "analytics"));
        yield return InvalidSetting("an authority without an audience", "Jwt:Audience", ValidDatabase, ("Jwt:Authority", Issuer));
        yield return InvalidSetting("an authority that is not an address", "Jwt:Authority", ValidDatabase, ("Jwt:Authority", Secret),
            ("Jwt:Audience", "analytics"));
        yield return InvalidSetting("an authority without https", "Jwt:Authority", ValidDatabase,
            ("Jwt:Authority", "http://issuer.example"), ("Jwt:Audience", "analytics"));

        yield return InvalidSetting(
            "an origin that is not an address", "Cors:Origins:0", ValidDatabase, ValidKey, ("Cors:Origins:0", Secret));
        yield return InvalidSetting("an origin with a path", "Cors:Origins:1", ValidDatabase, ValidKey, ("Cors:Origins:0", Issuer),
            ("Cors:Origins:1", $"{Issuer}/"));
        yield return InvalidSetting("an invalid address", "Urls", ValidDatabase, ValidKey, ("Urls", Secret));
        yield return InvalidSetting("an address with a path", "Urls", ValidDatabase, ValidKey, ("Urls", "http://127.0.0.1:8000/base"));
        yield return InvalidSetting("a port out of range", "Urls", ValidDatabase, ValidKey, ("Urls", "http://127.0.0.1:70000"));
        yield return InvalidSetting("an endpoint without an address", "Kestrel:Endpoints:Http:Url", ValidDatabase, ValidKey,
            ("Kestrel:Endpoints:Http:Protocols", "Http1"));
        yield return InvalidSetting("a path base without a slash", "PathBase", ValidDatabase, ValidKey, ("PathBase", "analytics"));
        yield return InvalidSetting(
            "a path base with a slash at its end", "PathBase", ValidDatabase, ValidKey, ("PathBase", "/analytics/"));
        yield return InvalidSetting("a path base with a query", "PathBase", ValidDatabase, ValidKey, ("PathBase", $"/a?{Secret}"));
        yield return InvalidSetting(
            "an origin of another scheme", "Cors:Origins:0", ValidDatabase, ValidKey, ("Cors:Origins:0", "ftp://a.example"));
        yield return InvalidSetting("a collector that is not an address", "OTEL_EXPORTER_OTLP_ENDPOINT", ValidDatabase, ValidKey,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Secret));
        yield return InvalidSetting("a collector of another scheme", "OTEL_EXPORTER_OTLP_ENDPOINT", ValidDatabase, ValidKey,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"ftp://user:{Secret}@collector.example"));
        yield return InvalidSetting("an unknown protocol of the collector", "OTEL_EXPORTER_OTLP_PROTOCOL", ValidDatabase, ValidKey,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Issuer), ("OTEL_EXPORTER_OTLP_PROTOCOL", Secret));
        foreach (var (name, key, value) in new[]
        {
            ("a timeout of telemetry that is no number", "OTEL_EXPORTER_OTLP_TIMEOUT", "1s"),
            ("an unknown protocol of traces", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
            ("an address of metrics that is none", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", Secret),
            ("headers of telemetry without a value", "OTEL_EXPORTER_OTLP_HEADERS", Secret),
            ("an unknown compression of telemetry", "OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
            ("an interval of metrics of no time", "OTEL_METRIC_EXPORT_INTERVAL", "0"),
            ("a delay of spans that is no number", "OTEL_BSP_SCHEDULE_DELAY", "soon"),
            ("a batch of log records beyond the queue", "OTEL_BLRP_MAX_QUEUE_SIZE", "100"),
            ("an unknown sampler", "OTEL_TRACES_SAMPLER", "sometimes"),
            ("a sampler beyond all traces", "OTEL_TRACES_SAMPLER_ARG", "1.5"),
            ("an unknown temporality", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both"),
            ("a negative limit of attributes", "OTEL_ATTRIBUTE_COUNT_LIMIT", "-1"),
            ("a telemetry switch that is neither true nor false", "OTEL_SDK_DISABLED", "maybe"),
        })
        {
            yield return InvalidSetting(name, key, ValidDatabase, ValidKey, ("OTEL_EXPORTER_OTLP_ENDPOINT", Issuer), (key, value));
        }

        foreach (var endpoint in new[] { "Endpoints:Http", "EndpointDefaults", "Endpoints:Http:Sni:a.example" })
        {
            yield return InvalidSetting($"an unknown protocol of {endpoint}", $"Kestrel:{endpoint}:Protocols", ValidDatabase, ValidKey,
                ($"Kestrel:{endpoint}:Protocols", "Http1AndHttp"));
            yield return InvalidSetting($"an unknown version of TLS of {endpoint}", $"Kestrel:{endpoint}:SslProtocols:0", ValidDatabase,
                ValidKey, ($"Kestrel:{endpoint}:SslProtocols:0", "Tls14"));
            yield return InvalidSetting($"an unknown mode of client certificates of {endpoint}", $"Kestrel:{endpoint}:ClientCertificateMode",
                ValidDatabase, ValidKey, ($"Kestrel:{endpoint}:ClientCertificateMode", "Demanded"));
        }

        foreach (var key in new[] { "QueueFullMode", "MaxQueueLength", "TimestampFormat", "LogToStdErrThreshold" })
        {
            yield return InvalidSetting($"an option of the log without effect, {key}", $"Logging:Console:{key}", ValidDatabase, ValidKey,
                ($"Logging:Console:{key}", "1"));
        }

        yield return InvalidSetting("an unknown level for standard error", "Logging:Console:LogToStandardErrorThreshold", ValidDatabase,
            ValidKey, ("Logging:Console:LogToStandardErrorThreshold", "Verbose"));
        yield return InvalidSetting("a password file of PostgreSQL that is missing", "Passfile", ValidKey, ("Database:Engine", "Postgres"),
            (ConnectionStringSetting, $"Host=127.0.0.1;Database=analytics;Passfile=/nowhere/{Secret}"));
        yield return InvalidSetting("a live demo that is neither on nor off", "Demo:Live", ValidDatabase, ValidKey, ("Demo:Live", "maybe"));
        yield return InvalidSetting(
            "an unknown access log", "AccessLog:Mode", ValidDatabase, ValidKey, ("AccessLog:Mode", "verbose"));
        yield return InvalidSetting(
            "a slow request of no time", "AccessLog:SlowMilliseconds", ValidDatabase, ValidKey, ("AccessLog:SlowMilliseconds", "0"));
        yield return InvalidSetting("an unknown formatter of the log", "Logging:Console:FormatterName", ValidDatabase, ValidKey,
            ("Logging:Console:FormatterName", "xml"));
        yield return InvalidSetting("origins that are not a list", "Cors:Origins", ValidDatabase, ValidKey, ("Cors:Origins", Issuer));
    }

    private static IEnumerable<TestCaseData> BadStarts()
    {
        yield return InvalidSetting("a missing setting", SigningKeysSetting, ValidDatabase);
        yield return InvalidSetting("a framework setting of the environment", "ForwardedHeaders_Enabled", ValidDatabase, ValidKey,
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));
        yield return InvalidSetting("an unreachable server", ConnectionStringSetting, ValidKey, ("Database:Engine", "Postgres"),
            (ConnectionStringSetting, $"Server=127.0.0.1;Port=1;Database=analytics;Password={Secret}"));
        yield return InvalidSetting("a missing database", ConnectionStringSetting, ValidDatabase, ValidKey);
    }

    [TestCaseSource(nameof(InvalidSettings))]
    public void Invalid_setting_stops_startup_with_one_sentence_naming_it(string key, (string, string)[] settings) =>
        AssertIsOneSentence(StartError(settings), key);

    [TestCaseSource(nameof(BadStarts))]
    public async Task A_process_that_cannot_start_exits_with_one_and_prints_the_sentence(string key, (string, string)[] settings)
    {
        using var service = new ServiceProcess(_folder, "Production", settings);
        var (exitCode, output, error) = await service.WaitForExitAsync();

        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match(@"\A[^\n]+\r?\n\z"));
        AssertIsOneSentence(error.TrimEnd(), key);
    }

    [Test]
    public async Task Missing_or_unmigrated_database_stops_startup_with_hint_to_migrate([Values] bool exists)
    {
        if (exists)
        {
            await File.WriteAllTextAsync(DatabaseFile, "");
        }

        Assert.That(StartError(ValidDatabase, ValidKey), Does.Contain(ConnectionStringSetting).And.Contain("migrate"));
    }

    [Test]
    public async Task File_that_is_not_a_database_stops_startup_and_is_left_unchanged()
    {
        await File.WriteAllTextAsync(DatabaseFile, Secret);

        Assert.That(StartError(ValidDatabase, ValidKey), Does.Contain(ConnectionStringSetting).And.Not.Contain(Secret));
        Assert.That(await File.ReadAllTextAsync(DatabaseFile), Is.EqualTo(Secret));
    }

    [Test]
    public async Task Default_address_is_the_documented_one()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", ValidDatabase, ValidKey, ("Urls", null!));

        try
        {
            Assert.That(await service.ReadUntilAsync("http://127.0.0.1:8000"), Does.Contain("Now listening on"));
        }
        catch (InvalidOperationException ended)
        {
            // Another service may use the address: then that is the error.
            Assert.That(ended.Message, Does.Contain("Urls names an address that is already in use"));
        }
    }

    [Test]
    public async Task Address_in_use_stops_startup_with_one_sentence_naming_the_setting()
    {
        await MigrateAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.That(
            StartError(ValidDatabase, ValidKey, ("Urls", $"http://{listener.LocalEndpoint}")),
            Is.EqualTo("Urls names an address that is already in use: stop what listens there, or name another one."));
    }

    [TestCase("Development"), TestCase("Production")]
    public async Task Address_in_use_is_all_that_a_process_prints(string environment)
    {
        await MigrateAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        (string, string)[] settings = environment == "Production" ? [ValidDatabase, ValidKey] : [];
        settings = [.. settings, ("Urls", $"http://{listener.LocalEndpoint}"), ("Logging:LogLevel:LuckyPennySoftware", "None")];

        using var service = new ServiceProcess(_folder, environment, settings);
        var (exitCode, output, error) = await service.WaitForExitAsync();

        Assert.That((exitCode, output, error.TrimEnd()), Is.EqualTo(
            (1, "", "Urls names an address that is already in use: stop what listens there, or name another one.")));
    }

    [Test]
    public async Task First_development_start_serves_the_printed_request_from_demo_data()
    {
        using var service = new ServiceProcess(_folder, "Development");

        var greeting = await service.ReadUntilAsync("Authorization: jwt ");

        Assert.That(await SendPrintedRequestAsync(greeting), Does.StartWith(
            """{"status_code":200,"message":"Analytics fetched successfully","data":{"call_analytics":{"total_calls":419,"""));
        Assert.That(File.Exists(Path.Combine(_folder.FullName, ".data", "analytics.db")));
    }

    [Test]
    public async Task First_development_start_creates_a_second_organisation_whose_numbers_move()
    {
        using var service = new ServiceProcess(_folder, "Development");
        var greeting = (await service.ReadUntilAsync("Authorization: jwt ")).Replace("recalll.co", "northwind.example", StringComparison.Ordinal)
            .Replace("?space_token=F1O3QJM1Y7Q1AVVUYNV4VPRB", "", StringComparison.Ordinal);

        var first = await SendPrintedRequestAsync(greeting);

        Assert.That(first, Does.Match("\"total_calls\":[56][0-9]{3},"));
        await Eventually.TrueAsync(async () => await SendPrintedRequestAsync(greeting) != first);
    }

    [Test]
    public async Task Database_that_exists_before_a_development_start_gets_no_second_organisation()
    {
        await MigrateAsync(Directory.CreateDirectory(Path.Combine(_folder.FullName, ".data")).FullName);
        using var service = new ServiceProcess(_folder, "Development", ValidKey);
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Now listening on"));

        var statuses = await Task.WhenAll(new[] { "recalll.co", "northwind.example" }.Select(handle => RawHttp.SendAsync(
            address, "GET", AnalyticsRequest.AnalyticsPath, [("Authorization", Tokens.CreateAuthorization("1")), ("Org-Handle", handle)])));

        Assert.That(statuses.Select(reply => reply.Status), Is.EqualTo(new[] { 200, 404 }));
    }

    [Test]
    public async Task Second_development_start_reuses_the_signing_key()
    {
        string firstToken;
        using (var service = new ServiceProcess(_folder, "Development"))
        {
            firstToken = ParseToken(await service.ReadUntilAsync("Authorization: jwt "));
        }

        using var secondService = new ServiceProcess(_folder, "Development");
        var greeting = await secondService.ReadUntilAsync("Authorization: jwt ");

        Assert.That(await SendPrintedRequestAsync(greeting.Replace(ParseToken(greeting), firstToken, StringComparison.Ordinal)),
            Does.Contain("\"total_calls\":419"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(Path.Combine(_folder.FullName, ".data", "signing-key")),
                Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task Production_start_creates_no_demo_data()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", ValidDatabase, ValidKey);
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Now listening on"));

        var reply = await RawHttp.SendAsync(address, "GET", AnalyticsRequest.AnalyticsPath,
            [("Authorization", Tokens.CreateAuthorization("1")), ("Org-Handle", "recalll.co")]);

        Assert.That(reply.Message, Is.EqualTo("Organization not found."));
        Assert.That(Directory.Exists(Path.Combine(_folder.FullName, ".data")), Is.False);
    }

    [Test]
    public async Task Log_contains_the_request_but_neither_token_nor_key()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", ValidDatabase, ValidKey, ("Logging:LogLevel:Default", "Trace"));
        var start = await service.ReadUntilAsync("Now listening on");
        var tokens = new[] { Tokens.Create("1"), Tokens.Create("1", "another-key-that-the-service-does-not-know") };
        foreach (var token in tokens)
        {
            await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "GET", AnalyticsRequest.AnalyticsPath,
                [("Authorization", $"jwt {token}"), ("Org-Handle", "a.example"), ("X-Request-Id", "the-request")]);
        }

        var log = start + await service.ReadUntilAsync("request the-request") + await service.KillAsync();

        Assert.That(log, Does.Not.Contain(Tokens.SigningKey));
        Assert.That(tokens.SelectMany(token => token.Split('.')[1..]),
            Has.None.Matches<string>(part => log.Contains(part, StringComparison.Ordinal)));
    }

    [Test]
    public async Task Rejected_requests_are_not_logged_as_errors()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", ValidDatabase, ValidKey);
        var start = await service.ReadUntilAsync("Now listening on");
        foreach (var handle in new[] { "nobody.example", "not a handle" })
        {
            await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "GET", AnalyticsRequest.AnalyticsPath,
                [("Authorization", Tokens.CreateAuthorization("1")), ("Org-Handle", handle)]);
        }

        await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "GET", AnalyticsRequest.AnalyticsPath, [("X-Request-Id", "the-last")]);
        var log = await service.ReadUntilAsync("request the-last") + await service.KillAsync();

        Assert.That(log, Does.Contain("\"StatusCode\":404").And.Contain("\"StatusCode\":400").And.Contain("\"StatusCode\":401"));
        Assert.That(log, Does.Not.Contain("\"LogLevel\":\"Error\"").And.Not.Contain("Exception"));
    }

    private string DatabaseFile => Path.Combine(_folder.FullName, "analytics.db");

    // The error of starting in this process. Without an error, the wait for the service times out.
    private string StartError(params (string Key, string Value)[] settings)
    {
        // The last of two values counts. The file has an absolute path, since all tests share the current directory.
        var given = settings.Select(setting =>
            (setting.Key, Value: setting.Value.Replace("Source=analytics.db", $"Source={DatabaseFile}", StringComparison.Ordinal)));
        var args = given.Prepend((Key: "Urls", Value: "http://127.0.0.1:0")).Select(setting => $"--{setting.Key}={setting.Value}")
            .ToArray();
        return Assert.ThrowsAsync<ConfigurationException>(() => Task.Run(() => Program.RunAsync(args)).WaitAsync(MaxStartDuration)).Message;
    }

    private void AssertIsOneSentence(string error, string key)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error, Does.Match(@"\A[^\n]+\.\z").And.Contains(key));
            Assert.That(error, Does.Not.Contain(Secret).And.Not.Contain("   at ").And.Not.Contain("Exception"));
            Assert.That(_folder.EnumerateFileSystemInfos(), Is.Empty);
        }
    }

    private Task MigrateAsync() => MigrateAsync(_folder.FullName);

    private static async Task MigrateAsync(string folder) =>
        await new Migrator(new DatabaseSettings(
            DatabaseEngine.Sqlite, $"Data Source={Path.Combine(folder, "analytics.db")};Pooling=False")).MigrateAsync(
            CancellationToken.None);

    // Does what the printed curl command does.
    private static async Task<string> SendPrintedRequestAsync(string greeting)
    {
        var quoted = QuotedPattern().Matches(greeting[greeting.IndexOf("curl", StringComparison.Ordinal)..])
            .Select(match => match.Groups["text"].Value).ToList();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, quoted[0]);
        foreach (var header in quoted.Skip(1).Select(header => header.Split(": ", 2)))
        {
            request.Headers.Add(header[0], header[1]);
        }

        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static string ParseToken(string greeting) => TokenPattern().Match(greeting).Groups["text"].Value;

    private static TestCaseData InvalidSetting(string caseName, string key, params (string, string)[] settings) =>
        new TestCaseData(key, settings).SetArgDisplayNames(caseName);

    [GeneratedRegex("'(?<text>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedPattern();

    [GeneratedRegex("Authorization: jwt (?<text>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenPattern();
}
