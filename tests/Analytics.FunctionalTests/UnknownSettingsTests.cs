using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>A misspelt key stops the start instead of leaving a default in force; the keys of others do not.</summary>
internal sealed partial class UnknownSettingsTests
{
    [TestCase("Jwt:Audiences", "Jwt:Audiences is not a setting: Jwt:Audience is.")]
    [TestCase("JWT:AUDIENCES", "JWT:AUDIENCES is not a setting: Jwt:Audience is.")]
    [TestCase("Database:Egine", "Database:Egine is not a setting: Database:Engine is.")]
    [TestCase("Database:Enigne", "Database:Enigne is not a setting: Database:Engine is.")]
    [TestCase("Databse:Engine", "Databse:Engine is not a setting: Database:Engine is.")]
    [TestCase("RateLimits:Enabled", "RateLimits:Enabled is not a setting: RateLimit:Enabled is.")]
    [TestCase("ConnectionStrings:Analytic", "ConnectionStrings:Analytic is not a setting: ConnectionStrings:Analytics is.")]
    [TestCase("ConnectionString:Analytics", "ConnectionString:Analytics is not a setting: ConnectionStrings:Analytics is.")]
    [TestCase("Cors:Origin:0", "Cors:Origin:0 is not a setting: Cors:Origins is.")]
    [TestCase("Cors:AllowAnyone", "Cors:AllowAnyone is not a setting: there are Cors:Origins.")]
    [TestCase("Jwt:Audience:0", "Jwt:Audience:0 is not a setting: Jwt:Audience has one value.")]
    [TestCase("PathBas", "PathBas is not a setting: PathBase is.")]
    [TestCase("PATHBAES", "PATHBAES is not a setting: PathBase is.")]
    [TestCase("PathBase:0", "PathBase:0 is not a setting: PathBase has one value.")]
    [TestCase("Jwt:SigningKeys:0:Value", "Jwt:SigningKeys:0:Value is not a setting: Jwt:SigningKeys is a list of values, such as Jwt:SigningKeys:0.")]
    public void Misspelt_key_is_an_error_that_names_the_setting_and_no_value(string key, string error) =>
        Assert.That(() => Reject(key), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(error));

    // The host's and ASP.NET Core's, Kubernetes' variables of a service with the name of a section, and those of other programs.
    [TestCase("Urls"), TestCase("AllowedHosts"), TestCase("contentRoot"), TestCase("HTTP_PORTS"), TestCase("Kestrel:Endpoints:Http:Url")]
    [TestCase("Kestrel:Limits:KeepAliveTimeout"), TestCase("Logging:LogLevel:Default"), TestCase("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [TestCase("ConnectionStrings:Orders"), TestCase("ForwardedHeaders_Enabled"), TestCase("Authentication:Schemes:Bearer:Audience")]
    [TestCase("DATABASE_PORT"), TestCase("DATABASE_SERVICE_HOST"), TestCase("DATABASE_ENGINE"), TestCase("JWT_AUDIENCES")]
    [TestCase("PATH_BASE"), TestCase("path_base"), TestCase("BASE_PATH"), TestCase("DATABASE"), TestCase("PATH"), TestCase("BASE")]
    [TestCase("pathbase"), TestCase("Orders:Egine"), TestCase("Jwk:Issuer"), TestCase("Core:Origins:0")]
    [TestCase("jwt:audience"), TestCase("Jwt:SigningKeys:0"), TestCase("Jwt:SigningKeys:new"), TestCase("Jwt:SigningKeys")]
    public void Key_of_ours_or_of_another_program_is_accepted(string key) => Assert.That(() => Reject(key), Throws.Nothing);

    [Test]
    public async Task Commands_reject_misspelt_keys_too()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseEngine.Sqlite);
        var output = await new CommandLine(database.Settings, settings: ("Jwt:Audiences", "a")).RunAsync(["verify"]);
        Assert.That((output.ExitCode, output.StandardError.Trim()), Is.EqualTo((1, "Jwt:Audiences is not a setting: Jwt:Audience is.")));
    }

    [Test]
    public async Task Service_starts_beside_a_variable_of_another_program_that_resembles_a_setting()
    {
        await using var database = await ScratchDatabase.CreateAsync(DatabaseEngine.Sqlite);
        using var service = ServiceProcess.StartWithDatabase(database, ("PATH_BASE", "not ours"));

        Assert.That((await RawHttp.SendAsync(await service.WaitForAddressAsync(), "GET", "/health/ready", [])).Status, Is.EqualTo(200));
    }

    [Test]
    public void Documented_settings_are_those_of_the_service()
    {
        var page = File.ReadAllText(GetRepositoryPath(".github/docs/settings.md"));
        var documented = SettingPattern().Matches(page).Select(setting => setting.Groups["key"].Value);

        Assert.That(documented, Is.EquivalentTo(SettingKeys.All));
    }

    private static void Reject(string key) =>
        UnknownSettings.Reject(new ConfigurationBuilder().AddInMemoryCollection([new(key, "a value")]).Build());

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);

    // The first column of a table; a list's key is followed by the number of a value.
    [GeneratedRegex(@"(?<=\n\| `)(?<key>PathBase|(?!OTEL_|Kestrel:)[A-Za-z]+:[A-Za-z]+)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SettingPattern();
}
