using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Runtime.Versioning;
using Analytics.Api.Hosting;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Analytics.FunctionalTests;

/// <summary>
/// A wrong setting costs one sentence that names it: no stack trace, no signal and no file. What crashed the process once is tried with
/// a process.
/// </summary>
[Parallelizable(ParallelScope.All)]
[UnsupportedOSPlatform("windows")]
internal sealed class WrongSettingsTests
{
    private const string ConnectionString = "ConnectionStrings:Analytics";
    private const string Server = "Database:Engine=Postgres";
    private const string Certificate = "Kestrel:Certificates:Default";

    private DirectoryInfo _folder = null!;

    private string Database => $"{ConnectionString}=Data Source={Path.Combine(_folder.FullName, "analytics.db")}";

    // {folder} stands for the folder of the files that CreateFilesAsync creates.
    private static IEnumerable<TestCaseData> WrongSettings()
    {
        yield return Case("a port out of range", "Urls", "Urls=http://127.0.0.1:70000");
        yield return Case("no address", "Urls", "Urls=http://8.8.8.8:70");
        yield return Case("a socket in no folder", "Urls", "Urls=http://unix:/nowhere/service.sock");
        yield return Case("https without a certificate", Certificate, "Urls=https://127.0.0.1:0");
        yield return Case("an endpoint without an address", "Kestrel:Endpoints", "Kestrel:Endpoints:A:Protocols=Http1");
        yield return Case("an endpoint that is not an address", "Kestrel:Endpoints", "Kestrel:Endpoints:A:Url=nonsense");
        yield return Case("an endpoint's port out of range", "Kestrel:Endpoints", "Kestrel:Endpoints:A:Url=http://127.0.0.1:70000");
        yield return Case("a certificate without its key", $"{Certificate}:KeyPath", "Urls=https://127.0.0.1:0",
            $"{Certificate}:Path={{folder}}/certificate.pem");
        yield return Case("an unknown log level", "Logging:LogLevel:Default", "Logging:LogLevel:Default=Verbose");
        yield return Case("a misspelt setting", "Database:Engine", "Database:Egine=Sqlite");
        yield return Case("a password of SQLite", "Password", $"{ConnectionString}=Data Source={{folder}}/analytics.db;Password=secret");
        yield return Case("a folder as a database", ConnectionString, $"{ConnectionString}=Data Source={{folder}}");
        yield return Case("a file below a file", ConnectionString, $"{ConnectionString}=Data Source={{folder}}/analytics.db/deep.db");
        yield return Case("a port of PostgreSQL out of range", ConnectionString, Server,
            $"{ConnectionString}=Host=127.0.0.1;Database=a;Port=70000");
        yield return Case("a certificate of PostgreSQL without its key", ConnectionString, Server,
            $"{ConnectionString}=Host=127.0.0.1;Port=1;Database=a;SSL Certificate={{folder}}/certificate.pem");
        yield return Case("an authority that is no certificate", ConnectionString, Server,
            $"{ConnectionString}=Host=127.0.0.1;Port=1;Database=a;Root Certificate={{folder}}/empty");
    }

    private static IEnumerable<TestCaseData> WrongCertificates()
    {
        yield return Case("a missing file", $"{Certificate}:Path", $"{Certificate}:Path=nowhere.pem");
        yield return Case("a folder", $"{Certificate}:Path", $"{Certificate}:Path={{folder}}");
        yield return Case("an empty file", $"{Certificate}:Path", $"{Certificate}:Path={{folder}}/empty");
        yield return Case("no key", $"{Certificate}:KeyPath", $"{Certificate}:Path={{folder}}/certificate.pem");
        yield return Case("a missing key", $"{Certificate}:KeyPath", $"{Certificate}:Path={{folder}}/certificate.pem",
            $"{Certificate}:KeyPath=nowhere.pem");
        yield return Case("an empty key", $"{Certificate}:KeyPath", $"{Certificate}:Path={{folder}}/certificate.pem",
            $"{Certificate}:KeyPath={{folder}}/empty");
        yield return Case("DER without a key", $"{Certificate}:KeyPath", $"{Certificate}:Path={{folder}}/certificate.der");
        yield return Case("PKCS #12 with a key of its own", $"{Certificate}:KeyPath", $"{Certificate}:Path={{folder}}/certificate.pfx",
            $"{Certificate}:KeyPath={{folder}}/key.pem");
        yield return Case("the key of another certificate", $"{Certificate}:KeyPath", $"{Certificate}:Path={{folder}}/certificate.pem",
            $"{Certificate}:KeyPath={{folder}}/other-key.pem");
        yield return Case("an encrypted key without a password", $"{Certificate}:Password", $"{Certificate}:Path={{folder}}/certificate.pem",
            $"{Certificate}:KeyPath={{folder}}/encrypted-key.pem");
        yield return Case("an encrypted key with another password", $"{Certificate}:Password",
            $"{Certificate}:Path={{folder}}/certificate.pem", $"{Certificate}:KeyPath={{folder}}/encrypted-key.pem",
            $"{Certificate}:Password=wrong");
        yield return Case("PKCS #12 with another password", $"{Certificate}:Password", $"{Certificate}:Path={{folder}}/certificate.pfx",
            $"{Certificate}:Password=wrong");
        yield return Case("PKCS #12 without a key", $"{Certificate}:Path", $"{Certificate}:Path={{folder}}/keyless.pfx",
            $"{Certificate}:Password=password");
        yield return Case("an endpoint's own certificate", "Kestrel:Endpoints:A:Certificate:Path",
            "Kestrel:Endpoints:A:Certificate:Path=nowhere.pem");
        yield return Case("a host's certificate", "Kestrel:Endpoints:A:Sni:a.example:Certificate:Path",
            "Kestrel:Endpoints:A:Sni:a.example:Certificate:Path=nowhere.pem");
    }

    [OneTimeSetUp]
    public async Task CreateFilesAsync()
    {
        _folder = Directory.CreateTempSubdirectory("analytics-settings-");
        await new Migrator(new DatabaseSettings(DatabaseEngine.Sqlite, $"{Database[(ConnectionString.Length + 1)..]};Pooling=False"))
            .MigrateAsync(CancellationToken.None);
        using var key = RSA.Create(2048);
        using var otherKey = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var keyless = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1);
        await WriteAsync("empty", "");
        await WriteAsync("certificate.pem", certificate.ExportCertificatePem());
        await File.WriteAllBytesAsync(GetPath("certificate.der"), certificate.Export(X509ContentType.Cert));
        await WriteAsync("key.pem", key.ExportPkcs8PrivateKeyPem());
        await WriteAsync("other-key.pem", otherKey.ExportPkcs8PrivateKeyPem());
        await WriteAsync("encrypted-key.pem", key.ExportEncryptedPkcs8PrivateKeyPem("password", encryption));
        await File.WriteAllBytesAsync(GetPath("certificate.pfx"), certificate.Export(X509ContentType.Pkcs12, "password"));
        await File.WriteAllBytesAsync(GetPath("keyless.pfx"), keyless.Export(X509ContentType.Pkcs12, "password"));

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(GetPath(name), text);
    }

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete(recursive: true);

    [TestCaseSource(nameof(WrongSettings))]
    public async Task Process_exits_with_one_sentence_that_names_the_setting(string key, string[] settings) =>
        await AssertStopsAsync(key, "Production", settings);

    [TestCase("{\"Database\":\n{\"Engine\" \"Sqlite\"}}", "line 2")]
    [TestCase("{\"Urls\":\"a\",\"urls\":\"b\"}", "Urls"), TestCase("", "line 1")]
    public async Task Corrupt_settings_file_is_named_with_the_line(string content, string problem)
    {
        var environment = $"Broken{Guid.NewGuid():N}";
        var file = Path.Combine(AppContext.BaseDirectory, $"appsettings.{environment}.json");
        await File.WriteAllTextAsync(file, content);
        try
        {
            var error = await AssertStopsAsync(Path.GetFileName(file), environment);
            Assert.That(error, Does.Contain(problem).IgnoreCase);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task Unreadable_settings_file_is_named()
    {
        var environment = $"Hidden{Guid.NewGuid():N}";
        var file = Path.Combine(AppContext.BaseDirectory, $"appsettings.{environment}.json");
        await File.WriteAllTextAsync(file, "{}");
        File.SetUnixFileMode(file, UnixFileMode.None);
        try
        {
            await AssertStopsAsync(Path.GetFileName(file), environment);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task Database_in_a_folder_without_write_permission_is_named()
    {
        var folder = _folder.CreateSubdirectory("read-only");
        File.Copy(GetPath("analytics.db"), Path.Combine(folder.FullName, "analytics.db"));
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        try
        {
            var error = await AssertStopsAsync(
                ConnectionString, "Production", $"{ConnectionString}=Data Source={folder.FullName}/analytics.db");
            Assert.That(error, Does.Contain(folder.FullName));
        }
        finally
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }
    }

    [TestCase("Jwt:SigningKeys:0", "Jwt:SigningKeys:0")]
    [TestCase("ConnectionStrings:Analytics", "ConnectionStrings:Analytics")]
    [Platform(Exclude = "Win")]
    public async Task Working_directory_that_cannot_be_written_is_named_in_development(string missing, string key)
    {
        var folder = _folder.CreateSubdirectory($"unwritable-{missing.Length}");
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        using var service = ServiceProcess.StartWithoutPrivileges(
            folder, "Development", CreateSettings([]).Where(setting => setting.Key != missing));
        var (exitCode, _, error) = await service.WaitForExitAsync();

        Assert.That(exitCode, Is.EqualTo(1), error);
        Assert.That(error, Does.Match(@"\A[^\n]+\.\n\z").And.Contains(key).And.Contains(folder.FullName));
    }

    [Test]
    public void Defect_at_the_start_is_not_taken_for_a_wrong_setting() =>
        Assert.That(
            () => AnalyticsService.StartAsync(DatabaseEngine.Sqlite, services => services.AddHostedService<DefectiveService>()),
            Throws.InvalidOperationException.With.Property(nameof(Exception.StackTrace)).Contains(nameof(DefectiveService)));

    [Test]
    public void Value_that_a_library_cannot_bind_names_the_key_and_not_the_value()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Section:Switch", "secret")]).Build();
        var exception = Assert.Catch(() => configuration.GetValue<bool>("Section:Switch"));

        Assert.That(SettingErrors.Describe(exception!), Is.EqualTo("Section:Switch has a value that is not a Boolean."));
    }

    [Test]
    public void Value_of_an_enumeration_that_a_library_cannot_bind_names_the_key()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Section:Level", "secret")]).Build();
        var exception = Assert.Catch(() => configuration.GetValue<Microsoft.Extensions.Logging.LogLevel>("Section:Level"));

        Assert.That(SettingErrors.Describe(exception!), Is.EqualTo("Section:Level has a value that is not a LogLevel."));
    }

    [Test]
    public async Task Certificate_in_DER_with_a_key_in_PEM_serves_https()
    {
        using var service = new ServiceProcess(_folder, "Production", CreateSettings(
            [$"{Certificate}:Path={{folder}}/certificate.der", $"{Certificate}:KeyPath={{folder}}/key.pem", "Urls=https://127.0.0.1:0"]));

        Assert.That(await service.ReadUntilAsync("Now listening on"), Does.Contain("https://127.0.0.1"));
    }

    [TestCaseSource(nameof(WrongCertificates))]
    public void Wrong_certificate_names_its_setting(string key, string[] settings) =>
        Assert.That(() => CertificateSettings.Validate(CreateConfiguration(settings), AppContext.BaseDirectory),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(key).And.Message.Match(@"\A[^\n]+\.\z"));

    [TestCase("certificate.pem", "key.pem", null), TestCase("certificate.pem", "encrypted-key.pem", "password")]
    [TestCase("certificate.pfx", null, "password")]
    [TestCase("certificate.der", "key.pem", null), TestCase("certificate.der", "encrypted-key.pem", "password")]
    public void Valid_certificate_is_accepted(string path, string? keyPath, string? password) =>
        Assert.That(
            () => CertificateSettings.Validate(
                CreateConfiguration([$"{Certificate}:Path={{folder}}/{path}", $"{Certificate}:KeyPath={(keyPath is null ? "" : $"{{folder}}/{keyPath}")}",
                    .. password is null ? Array.Empty<string>() : [$"{Certificate}:Password={password}"]]),
                AppContext.BaseDirectory),
            Throws.Nothing);

    private async Task<string> AssertStopsAsync(string key, string environment, params string[] settings)
    {
        var empty = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        using var service = ServiceProcess.StartWithoutPrivileges(empty, environment, CreateSettings(settings));
        var (exitCode, output, error) = await service.WaitForExitAsync();

        Assert.That((exitCode, output), Is.EqualTo((1, "")), error);
        Assert.That(error, Does.Match(@"\A[^\n]+\.\r?\n\z").And.Contains(key).And.Not.Contain("   at "));
        Assert.That(empty.EnumerateFileSystemInfos(), Is.Empty);
        return error;
    }

    private List<(string Key, string Value)> CreateSettings(IEnumerable<string> settings) =>
        [.. settings.Prepend($"Jwt:SigningKeys:0={Tokens.SigningKey}").Prepend(Database).Select(setting => setting.Split('=', 2))
            .Select(pair => (pair[0], pair[1].Replace("{folder}", _folder.FullName, StringComparison.Ordinal)))];

    private IConfiguration CreateConfiguration(IEnumerable<string> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(CreateSettings(settings).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private string GetPath(string name) => Path.Combine(_folder.FullName, name);

    private static TestCaseData Case(string name, string key, params string[] settings) =>
        new TestCaseData(key, settings).SetArgDisplayNames(name);

    private sealed class DefectiveService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("a defect");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
