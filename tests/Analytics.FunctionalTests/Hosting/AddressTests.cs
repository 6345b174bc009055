using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Hosting;

/// <summary>ASP.NET Core's own ways to say where the service listens, and whether the health command finds it there.</summary>
internal sealed partial class AddressTests
{
    private const string Loopback = "http://127.0.0.2:0";
    private const string Elsewhere = "http://127.0.0.3:0";

    private ScratchDatabase _database = null!;

    [OneTimeSetUp]
    public async Task CreateDatabaseAsync() => _database = await ScratchDatabase.CreateAsync(DatabaseEngine.Sqlite);

    [OneTimeTearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    private static IEnumerable<TestCaseData> Addresses()
    {
        yield return Case("a trailing semicolon", "http://127.0.0.2", [], ("ASPNETCORE_URLS", $"{Loopback};"));
        yield return Case("DOTNET_ before ASPNETCORE_", "http://127.0.0.2", [], ("DOTNET_URLS", Loopback), ("ASPNETCORE_URLS", Elsewhere));
        yield return Case("an argument before the environment", "http://127.0.0.2", ["--urls", Loopback], ("ASPNETCORE_URLS", Elsewhere));
        yield return Case("no prefix before a prefix", "http://127.0.0.2", [], ("URLS", Loopback), ("DOTNET_URLS", Elsewhere));
        yield return Case("ports", "http://[::]", [], ("ASPNETCORE_HTTP_PORTS", "0"));
        yield return Case("addresses before ports", "http://127.0.0.2", [], ("ASPNETCORE_URLS", Loopback), ("HTTP_PORTS", "1"));
        yield return Case("endpoints before addresses", "http://127.0.0.2", [], ("Kestrel:Endpoints:A:Url", Loopback), ("Urls", Elsewhere));
    }

    [TestCaseSource(nameof(Addresses))]
    public async Task Service_listens_where_the_setting_of_the_highest_precedence_says(
        string address, string[] arguments, (string, string)[] settings)
    {
        using var service = ServiceProcess.StartWithDatabase(_database, arguments, [("Urls", null!), .. settings]);

        Assert.That(ParseAddress(await service.ReadUntilAsync("Application started")), Does.StartWith($"{address}:"));
    }

    [Test]
    public async Task Image_listens_on_both_protocols_and_lets_the_operator_choose([Values] bool isChosen)
    {
        (string, string)[] chosen = isChosen ? [("ASPNETCORE_URLS", Loopback)] : [];
        using var service = ServiceProcess.StartWithDatabase(_database, [("Urls", null!), .. ReadImageEnvironment(), .. chosen]);

        var address = new Uri(ParseAddress(await service.ReadUntilAsync("Application started")));

        Assert.That(address.Host, Is.EqualTo(isChosen ? "127.0.0.2" : "[::]"));
        foreach (var ip in isChosen ? [IPAddress.Parse("127.0.0.2")] : new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            var server = new UriBuilder(address) { Host = $"{ip}" }.Uri;
            Assert.That((await RawHttp.SendAsync(server, "GET", "/health/live", [])).Status, Is.EqualTo(200), $"{ip}");
        }
    }

    [TestCase("Urls", "http://*:{0}"), TestCase("Urls", "http://0.0.0.0:{0}"), TestCase("Urls", "http://analytics.example:{0}"),
        TestCase("Kestrel:Endpoints:A:Url", "http://[::]:{0}"), TestCase("HTTP_PORTS", "{0}")]
    public async Task Health_command_finds_the_configured_address(string key, string value)
    {
        using var service = ServiceProcess.StartWithDatabase(_database, ("Urls", "http://*:0"));
        var port = new Uri(ParseAddress(await service.ReadUntilAsync("Application started"))).Port;

        var commandLine = new CommandLine(_database.Settings).With(key, value.Replace("{0}", $"{port}", StringComparison.Ordinal));

        await AssertFindsServiceAsync(() => commandLine.RunAsync(["health"]));
    }

    [TestCase("ASPNETCORE_"), TestCase("DOTNET_")]
    public async Task Health_command_has_the_same_variables_as_the_service_and_finds_its_unix_socket(string prefix)
    {
        var url = $"http://unix:{_database.GetFilePath($"{prefix}.sock")}";
        using var service = ServiceProcess.StartWithDatabase(_database, ("Urls", null!), ($"{prefix}URLS", url));
        await service.ReadUntilAsync("Application started");

        var commandLine = new CommandLine(_database.Settings).With($"{prefix}URLS", url);

        await AssertFindsServiceAsync(() => commandLine.RunProcessAsync(["health"]));
        await AssertFindsServiceAsync(() => commandLine.RunAsync(["health", "--url", url]));
    }

    [Test]
    public async Task Socket_of_a_killed_process_does_not_stop_the_next_start_but_a_file_does()
    {
        var path = _database.GetFilePath("killed.sock");
        (string, string)[] settings = [("Urls", $"http://unix:{path}")];
        using var killed = ServiceProcess.StartWithDatabase(_database, settings);
        await killed.ReadUntilAsync("Application started");
        await killed.KillAsync();
        Assert.That(File.Exists(path));

        using (var next = ServiceProcess.StartWithDatabase(_database, settings))
        {
            await next.ReadUntilAsync("Application started");
            await next.KillAsync();
        }

        File.Delete(path);
        await File.WriteAllBytesAsync(path, []);
        using var stopped = ServiceProcess.StartWithDatabase(_database, settings);
        var (exitCode, _, error) = await stopped.WaitForExitAsync();
        Assert.That((exitCode, error), Is.EqualTo(
            (1, $"Urls names an address that is already in use: stop what listens there, or name another one.{Environment.NewLine}")));
        Assert.That(File.Exists(path));
    }

    [Test]
    public async Task Health_command_finds_https_whatever_name_the_certificate_has()
    {
        var (certificate, key) = await WriteCertificateAsync();
        using var service = ServiceProcess.StartWithDatabase(_database, ("Urls", null!), ("HTTPS_PORTS", "0"),
            ("Kestrel:Certificates:Default:Path", certificate), ("Kestrel:Certificates:Default:KeyPath", key));
        var port = new Uri(ParseAddress(await service.ReadUntilAsync("Application started"))).Port;

        var commandLine = new CommandLine(_database.Settings).With("HTTPS_PORTS", $"{port}");

        await AssertFindsServiceAsync(() => commandLine.RunAsync(["health"]));
        await AssertFindsServiceAsync(() => commandLine.RunAsync(["health", "--url", $"https://127.0.0.1:{port}"]));
    }

    [Test]
    public async Task Health_command_names_the_address_that_does_not_respond_and_the_setting_that_names_none()
    {
        var down = await new CommandLine(_database.Settings).With("Urls", "http://127.0.0.1:1").RunAsync(["health"]);
        var assigned = await new CommandLine(_database.Settings).With("HTTP_PORTS", "0").RunAsync(["health"]);

        Assert.That((down.ExitCode, assigned.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(down.StandardError, Does.StartWith("The service does not respond at http://127.0.0.1:1: "));
        Assert.That(assigned.StandardError.Trim(),
            Is.EqualTo("HTTP_PORTS leaves the port to the system: give the address with --url."));
    }

    // A service that has just started may be slower than the command's timeout.
    private static async Task AssertFindsServiceAsync(Func<Task<CommandResult>> runHealthAsync)
    {
        CommandResult? health = null;
        await Eventually.TrueAsync(
            async () => !(health = await runHealthAsync()).StandardError.Contains("Timeout", StringComparison.Ordinal));

        Assert.That((health!.ExitCode, health.StandardOutput.Trim()), Is.EqualTo((0, "The service is ready.")), health.StandardError);
    }

    // The variables of the Dockerfile that concern addresses, with a port that is free.
    private static IEnumerable<(string, string)> ReadImageEnvironment([CallerFilePath] string callerFilePath = "")
    {
        var dockerfile = File.ReadAllText(Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../../../build/Dockerfile"));
        var variables =
            AddressVariablePattern().Matches(dockerfile).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value));
        return variables.Select(variable => (variable.Item1, variable.Item2.Replace("8000", "0", StringComparison.Ordinal)));
    }

    private async Task<(string Certificate, string Key)> WriteCertificateAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=analytics.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var paths = (_database.GetFilePath("server.crt"), _database.GetFilePath("server.key"));
        await File.WriteAllTextAsync(paths.Item1, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(paths.Item2, key.ExportPkcs8PrivateKeyPem());
        return paths;
    }

    private static string ParseAddress(string log) => AddressPattern().Match(log).Value;

    private static TestCaseData Case(string name, string address, string[] arguments, params (string, string)[] settings) =>
        new TestCaseData(address, arguments, settings).SetArgDisplayNames(name);

    [GeneratedRegex(@"https?://[^\s""/]+:\d+", RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressPattern();

    [GeneratedRegex(
        @"\b(?<name>\w*(Urls|URLS|_PORTS|Kestrel__\w+))=(?<value>\S*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressVariablePattern();
}
