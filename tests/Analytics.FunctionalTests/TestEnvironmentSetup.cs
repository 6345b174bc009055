using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>Removes the shell's settings: services and commands of the tests get their own.</summary>
[SetUpFixture]
internal sealed class TestEnvironmentSetup
{
    private static readonly string[] SettingPrefixes = ["ConnectionStrings__", "Database__", "Jwt__", "Cors__", "RateLimit__", "Timeouts__",
        "Shutdown__", "Page__", "ForwardedHeaders__KnownProxies__", "AutoMapper__", "Urls", "HTTP_PORTS", "HTTPS_PORTS",
        "Kestrel__", "PathBase", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "DOTNET_HTTP", "OTEL_"];

    [OneTimeSetUp]
    public void ClearSettings()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => SettingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [OneTimeTearDown]
    public Task DropTemplatesAsync() => ScratchDatabase.DropTemplatesAsync();
}
