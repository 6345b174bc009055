using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

namespace Analytics.FunctionalTests;

/// <summary>What the service needs to start, and what it says when that is missing.</summary>
internal sealed partial class StartTests
{
    private const string Database = "ConnectionStrings:Analytics";
    private const string Keys = "Jwt:SigningKeys";
    private const string FirstKey = "Jwt:SigningKeys:0";
    private const string Secret = "a-secret-that-nobody-may-read";
    private const string Issuer = "https://issuer.example";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private static readonly (string, string) GoodDatabase = (Database, "Data Source=analytics.db");
    private static readonly (string, string) GoodKey = (FirstKey, Tokens.SigningKey);

    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("analytics-start-");

    [TearDown]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    private static IEnumerable<TestCaseData> BadSettings()
    {
        yield return Bad("no connection string", Database, GoodKey);
        yield return Bad("not a connection string", Database, GoodKey, (Database, Secret));
        yield return Bad("an unknown part of a connection string", Database, GoodKey, (Database, $"Data Source=analytics.db;Passphrase={Secret}"));
        yield return Bad("a connection string without a file", Database, GoodKey, (Database, "Mode=ReadWrite"));
        yield return Bad("a database in memory", Database, GoodKey, (Database, "Data Source=:memory:"));
        yield return Bad("a folder that is not there", Database, GoodKey, (Database, "Data Source=nowhere/analytics.db"));
        yield return Bad("an unknown engine", "Database:Engine", GoodDatabase, GoodKey, ("Database:Engine", "Oracle"));
        yield return Bad("an engine's number", "Database:Engine", GoodDatabase, GoodKey, ("Database:Engine", "0"));
        foreach (var engine in new[] { "Postgres", "SqlServer" })
        {
            (string, string) chosen = ("Database:Engine", engine);
            yield return Bad($"no connection string of {engine}", Database, GoodKey, chosen);
            yield return Bad($"not a connection string of {engine}", Database, GoodKey, chosen, (Database, Secret));
            yield return Bad($"an unknown part of a connection string of {engine}", Database, GoodKey, chosen, (Database, $"Server=127.0.0.1;Database=analytics;Passphrase={Secret}"));
            yield return Bad($"a connection string of {engine} without a server", Database, GoodKey, chosen, (Database, $"Database=analytics;Password={Secret}"));
            yield return Bad($"a connection string of {engine} without a database", Database, GoodKey, chosen, (Database, $"Server=127.0.0.1;Password={Secret}"));
            yield return Bad($"parts of a connection string of {engine} that do not go together", Database, GoodKey, chosen, (Database, $"Server=127.0.0.1;Database=analytics;Min Pool Size=50;Password={Secret}"));
            yield return Bad($"a server of {engine} that is not there", Database, GoodKey, chosen, (Database, $"Server=127.0.0.1{(engine == "Postgres" ? ";Port=1" : ",1")};Database=analytics;User ID=analytics;Password={Secret}"));
        }

        yield return Bad("a cache of no number", "ResponseCache:MaxEntries", GoodDatabase, GoodKey, ("ResponseCache:MaxEntries", "many"));
        yield return Bad("a cache of less than nothing", "ResponseCache:MaxEntries", GoodDatabase, GoodKey, ("ResponseCache:MaxEntries", "-1"));

        yield return Bad("everybody's word for where a request comes from", "ForwardedHeaders_Enabled", GoodDatabase, GoodKey, ("ForwardedHeaders_Enabled", "true"));
        yield return Bad("a switch that is neither on nor off", "RateLimit:Enabled", GoodDatabase, GoodKey, ("RateLimit:Enabled", "maybe"));
        yield return Bad("no reads at all", "RateLimit:ReadsPerMinute", GoodDatabase, GoodKey, ("RateLimit:ReadsPerMinute", "0"));
        yield return Bad("writes of no number", "RateLimit:WritesPerMinute", GoodDatabase, GoodKey, ("RateLimit:WritesPerMinute", "many"));
        yield return Bad("less than no requests", "RateLimit:AnonymousRequestsPerMinute", GoodDatabase, GoodKey, ("RateLimit:AnonymousRequestsPerMinute", "-1"));
        yield return Bad("no time to connect", "Timeouts:ConnectSeconds", GoodDatabase, GoodKey, ("Timeouts:ConnectSeconds", "0"));
        yield return Bad("a part of a second", "Timeouts:CommandSeconds", GoodDatabase, GoodKey, ("Timeouts:CommandSeconds", "0.5"));
        yield return Bad("more time than anyone has", "Timeouts:RequestSeconds", GoodDatabase, GoodKey, ("Timeouts:RequestSeconds", "99999"));
        yield return Bad("no questions at once", "Database:MaxConcurrentReads", GoodDatabase, GoodKey, ("Database:MaxConcurrentReads", "0"));
        yield return Bad("a queue of less than nothing", "Database:ReadQueueLimit", GoodDatabase, GoodKey, ("Database:ReadQueueLimit", "-1"));
        yield return Bad("no writes at once", "Database:MaxConcurrentWrites", GoodDatabase, GoodKey, ("Database:MaxConcurrentWrites", "0"));
        yield return Bad("a queue of no number", "Database:WriteQueueLimit", GoodDatabase, GoodKey, ("Database:WriteQueueLimit", "short"));
        yield return Bad("longer than a container is given", "Shutdown:DrainSeconds", GoodDatabase, GoodKey, ("Shutdown:DrainSeconds", "11"));
        yield return Bad("a proxy that is no address", "ForwardedHeaders:KnownProxies:1", GoodDatabase, GoodKey, ("ForwardedHeaders:KnownProxies:0", "10.0.0.5"), ("ForwardedHeaders:KnownProxies:1", Secret));
        yield return Bad("a network that is none", "ForwardedHeaders:KnownProxies:0", GoodDatabase, GoodKey, ("ForwardedHeaders:KnownProxies:0", "10.0.0.0/33"));
        yield return Bad("proxies that are no list", "ForwardedHeaders:KnownProxies", GoodDatabase, GoodKey, ("ForwardedHeaders:KnownProxies", "10.0.0.5"));

        yield return Bad("no keys", Keys, GoodDatabase);
        yield return Bad("keys that are no list", Keys, GoodDatabase, (Keys, Secret));
        yield return Bad("an empty key", FirstKey, GoodDatabase, (FirstKey, ""));
        yield return Bad("a short key", FirstKey, GoodDatabase, (FirstKey, Secret));
        yield return Bad("a short second key", $"{Keys}:1", GoodDatabase, GoodKey, ($"{Keys}:1", Secret));
        yield return Bad("bad base64", FirstKey, GoodDatabase, (FirstKey, $"base64:{Secret}-{Secret}!"));
        yield return Bad("a short key in base64", FirstKey, GoodDatabase, (FirstKey, "base64:c2hvcnQ="));
        yield return Bad("keys and an authority", "Jwt:Authority", GoodDatabase, GoodKey, ("Jwt:Authority", Issuer), ("Jwt:Audience", "analytics"));
        yield return Bad("an authority without an audience", "Jwt:Audience", GoodDatabase, ("Jwt:Authority", Issuer));
        yield return Bad("an authority that is no address", "Jwt:Authority", GoodDatabase, ("Jwt:Authority", Secret), ("Jwt:Audience", "analytics"));
        yield return Bad("an authority without https", "Jwt:Authority", GoodDatabase, ("Jwt:Authority", "http://issuer.example"), ("Jwt:Audience", "analytics"));

        yield return Bad("an origin that is no address", "Cors:Origins:0", GoodDatabase, GoodKey, ("Cors:Origins:0", Secret));
        yield return Bad("an origin with a path", "Cors:Origins:1", GoodDatabase, GoodKey, ("Cors:Origins:0", Issuer), ("Cors:Origins:1", $"{Issuer}/"));
        yield return Bad("an address that is none", "Urls", GoodDatabase, GoodKey, ("Urls", Secret));
        yield return Bad("an empty address", "Urls", GoodDatabase, GoodKey, ("Urls", ""));
        yield return Bad("an origin of another scheme", "Cors:Origins:0", GoodDatabase, GoodKey, ("Cors:Origins:0", "ftp://a.example"));
        yield return Bad("a collector that is no address", "OTEL_EXPORTER_OTLP_ENDPOINT", GoodDatabase, GoodKey, ("OTEL_EXPORTER_OTLP_ENDPOINT", Secret));
        yield return Bad("a collector of another scheme", "OTEL_EXPORTER_OTLP_ENDPOINT", GoodDatabase, GoodKey, ("OTEL_EXPORTER_OTLP_ENDPOINT", $"ftp://user:{Secret}@collector.example"));
        yield return Bad("an unknown protocol of the collector", "OTEL_EXPORTER_OTLP_PROTOCOL", GoodDatabase, GoodKey, ("OTEL_EXPORTER_OTLP_ENDPOINT", Issuer), ("OTEL_EXPORTER_OTLP_PROTOCOL", Secret));
        yield return Bad("origins that are no list", "Cors:Origins", GoodDatabase, GoodKey, ("Cors:Origins", Issuer));
    }

    private static IEnumerable<TestCaseData> BadStarts()
    {
        yield return Bad("a missing setting", Keys, GoodDatabase);
        yield return Bad("a framework setting of the environment", "ForwardedHeaders_Enabled", GoodDatabase, GoodKey, ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));
        yield return Bad("a server that is not there", Database, GoodKey, ("Database:Engine", "Postgres"), (Database, $"Server=127.0.0.1;Port=1;Database=analytics;Password={Secret}"));
        yield return Bad("a database that is not there", Database, GoodDatabase, GoodKey);
    }

    [TestCaseSource(nameof(BadSettings))]
    public void ABadSettingStopsTheStartWithASentenceThatNamesIt(string key, (string, string)[] settings) => AssertIsOneSentence(StartError(settings), key);

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
    public async Task ADatabaseThatIsMissingOrBehindNamesTheCommand([Values] bool isThere)
    {
        if (isThere)
        {
            await File.WriteAllTextAsync(DatabaseFile, "");
        }

        Assert.That(StartError(GoodDatabase, GoodKey), Does.Contain(Database).And.Contain("migrate"));
    }

    [Test]
    public async Task AFileThatIsNoDatabaseIsABadSettingAndLeftAlone()
    {
        await File.WriteAllTextAsync(DatabaseFile, Secret);

        Assert.That(StartError(GoodDatabase, GoodKey), Does.Contain(Database).And.Not.Contain(Secret));
        Assert.That(await File.ReadAllTextAsync(DatabaseFile), Is.EqualTo(Secret));
    }

    [Test]
    public async Task TheDocumentedAddressIsTheDefaultWhereverTheServiceIsStarted()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", GoodDatabase, GoodKey, ("Urls", null!));

        // Another service may hold the address: then that is what it says.
        Assert.That(await service.ReadUntilAsync("http://127.0.0.1:8000"), Does.Contain("Now listening on").Or.Contain("Failed to bind"));
    }

    [Test]
    public async Task AnAddressThatIsInUseNamesItsSetting()
    {
        await MigrateAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        Assert.That(
            StartError(GoodDatabase, GoodKey, ("Urls", $"http://{taken.LocalEndpoint}")),
            Is.EqualTo("Urls names an address that is already in use: stop what listens there, or name another one."));
    }

    [Test]
    public async Task AFirstStartInDevelopmentHasAllThatTheDocumentedRequestNeeds()
    {
        using var service = new ServiceProcess(_folder, "Development");

        var greeting = await service.ReadUntilAsync("Authorization: jwt ");

        Assert.That(await PasteAsync(greeting), Does.StartWith("""{"status_code":200,"message":"Analytics fetched successfully","data":{"call_analytics":{"total_calls":419,"""));
        Assert.That(File.Exists(Path.Combine(_folder.FullName, ".data", "analytics.db")));
    }

    [Test]
    public async Task ASecondStartInDevelopmentKeepsTheKey()
    {
        string first;
        using (var service = new ServiceProcess(_folder, "Development"))
        {
            first = TokenIn(await service.ReadUntilAsync("Authorization: jwt "));
        }

        using var again = new ServiceProcess(_folder, "Development");
        var greeting = await again.ReadUntilAsync("Authorization: jwt ");

        Assert.That(await PasteAsync(greeting.Replace(TokenIn(greeting), first, StringComparison.Ordinal)), Does.Contain("\"total_calls\":419"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(Path.Combine(_folder.FullName, ".data", "signing-key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task ProductionHasNoDemoAndNoDefaults()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", GoodDatabase, GoodKey);
        var address = ServiceProcess.ParseAddress(await service.ReadUntilAsync("Now listening on"));

        var reply = await RawHttp.SendAsync(address, "GET", AnalyticsRequest.AnalyticsPath, [("Authorization", Tokens.CreateAuthorization("1")), ("Org-Handle", "recalll.co")]);

        Assert.That(reply.Message, Is.EqualTo("Organization not found."));
        Assert.That(Directory.Exists(Path.Combine(_folder.FullName, ".data")), Is.False);
    }

    [Test]
    public async Task TheLogHoldsTheRequestAndNeitherTokenNorKey()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", GoodDatabase, GoodKey, ("Logging:LogLevel:Default", "Trace"));
        var start = await service.ReadUntilAsync("Now listening on");
        var tokens = new[] { Tokens.Create("1"), Tokens.Create("1", "another-key-that-the-service-does-not-know") };
        foreach (var token in tokens)
        {
            await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "GET", AnalyticsRequest.AnalyticsPath, [("Authorization", $"jwt {token}"), ("Org-Handle", "a.example"), ("X-Request-Id", "the-request")]);
        }

        var log = start + await service.ReadUntilAsync("RequestId: the-request") + await service.KillAsync();

        Assert.That(log, Does.Not.Contain(Tokens.SigningKey));
        Assert.That(tokens.SelectMany(token => token.Split('.')[1..]), Has.None.Matches<string>(part => log.Contains(part, StringComparison.Ordinal)));
    }

    [Test]
    public async Task WhatIsRefusedIsNoFaultInTheLog()
    {
        await MigrateAsync();
        using var service = new ServiceProcess(_folder, "Production", GoodDatabase, GoodKey);
        var start = await service.ReadUntilAsync("Now listening on");
        foreach (var handle in new[] { "nobody.example", "not a handle" })
        {
            await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "GET", AnalyticsRequest.AnalyticsPath, [("Authorization", Tokens.CreateAuthorization("1")), ("Org-Handle", handle)]);
        }

        await RawHttp.SendAsync(ServiceProcess.ParseAddress(start), "GET", AnalyticsRequest.AnalyticsPath, [("X-Request-Id", "the-last")]);
        var log = await service.ReadUntilAsync("RequestId: the-last") + await service.KillAsync();

        Assert.That(log, Does.Contain("StatusCode: 404").And.Contain("StatusCode: 400").And.Contain("StatusCode: 401"));
        Assert.That(log, Does.Not.Contain("\"LogLevel\":\"Error\"").And.Not.Contain("Exception"));
    }

    private string DatabaseFile => Path.Combine(_folder.FullName, "analytics.db");

    /// <summary>The error of a start in this process. Without one the service would run on, and the wait for it end.</summary>
    private string StartError(params (string Key, string Value)[] settings)
    {
        // Of two, the last counts. The file has its folder before it, since the current one is that of all tests.
        var given = settings.Select(setting => (setting.Key, Value: setting.Value.Replace("Source=analytics.db", $"Source={DatabaseFile}", StringComparison.Ordinal)));
        var args = given.Prepend((Key: "Urls", Value: "http://127.0.0.1:0")).Select(setting => $"--{setting.Key}={setting.Value}").ToArray();
        return Assert.ThrowsAsync<ConfigurationException>(() => Task.Run(() => Program.RunAsync(args)).WaitAsync(LongestStart)).Message;
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

    private async Task MigrateAsync() =>
        await new Migrator(new DatabaseSettings(DatabaseEngine.Sqlite, $"Data Source={DatabaseFile};Pooling=False")).MigrateAsync(CancellationToken.None);

    /// <summary>Does what the printed curl does.</summary>
    private static async Task<string> PasteAsync(string greeting)
    {
        var quoted = Quoted().Matches(greeting[greeting.IndexOf("curl", StringComparison.Ordinal)..]).Select(match => match.Groups["text"].Value).ToList();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, quoted[0]);
        foreach (var header in quoted.Skip(1).Select(header => header.Split(": ", 2)))
        {
            request.Headers.Add(header[0], header[1]);
        }

        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static string TokenIn(string greeting) => Token().Match(greeting).Groups["text"].Value;

    private static TestCaseData Bad(string what, string key, params (string, string)[] settings) =>
        new TestCaseData(key, settings).SetArgDisplayNames(what);

    [GeneratedRegex("'(?<text>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("Authorization: jwt (?<text>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
